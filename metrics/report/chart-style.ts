import { Markup } from './markup.ts';

/** The drawings of a report. */
export const chartStyle = new Markup(`
figure { margin: 0.8rem 0 1.2rem; }
figcaption { font-size: 0.8125rem; color: var(--soft); max-width: 110ch; margin-top: 0.3rem; }
.timeline figcaption { margin-left: 4.2rem; }
.panel { margin: 0.5rem 0; }
.panel.axis { margin-top: -0.2rem; }
.panel .title { margin: 0 0 0.3rem 4.2rem; font-size: 0.8125rem; color: var(--soft); font-weight: 600; }
.panel .plot { position: relative; margin-left: 4.2rem; height: 5rem; }
.panel svg, .strip svg { display: block; width: 100%; height: 100%; overflow: visible; }
.panel .tick { position: absolute; right: calc(100% + 0.4rem); transform: translateY(-50%); font-size: 0.75rem; line-height: 1;
  color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
.panel.axis .plot { height: 1.1rem; }
.panel.axis .tick { right: auto; top: 0.15rem; transform: translateX(-50%); }
.panel.axis .tick.last { transform: translateX(-100%); }
.legend { font-weight: 400; margin-left: 0.9rem; white-space: nowrap; }
.legend::before { content: ""; display: inline-block; width: 1.1em; height: 0; border-top: 2px solid; vertical-align: middle; margin-right: 0.35em; }
.legend.l50::before { border-color: var(--blue); }
.legend.l90::before { border-color: var(--orange); }
.legend.reference::before { border-top: 1px dashed var(--soft); }
svg .grid, svg .limit, svg .edge, svg .line, svg .whisker, svg .median { vector-effect: non-scaling-stroke; fill: none; }
svg .grid { stroke: var(--rule); stroke-width: 1; }
svg .limit { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 5 4; }
svg .edge { stroke: var(--fault); stroke-width: 1.5; }
svg .fault { fill: var(--fault); opacity: 0.16; }
svg .line { stroke-width: 1.6; stroke-linejoin: round; }
svg .line.throughput, svg .line.l50 { stroke: var(--blue); }
svg .line.errors { stroke: var(--red); }
svg .line.l90 { stroke: var(--orange); }
svg .beyond.l50 { fill: var(--blue); }
svg .beyond.l90 { fill: var(--orange); }
.lane { margin: 0.4rem 0; font-size: 0.75rem; line-height: 1.35rem; border-top: 1px solid var(--rule); }
.lane .row { display: flex; border-bottom: 1px solid var(--rule); }
.lane .label { flex: 0 0 4.2rem; color: var(--soft); font-weight: 600; }
.lane .track { position: relative; flex: 1; height: 1.35rem; min-width: 0; }
.lane .bar { position: absolute; top: 0.35rem; height: 0.65rem; min-width: 3px; border-radius: 1px; }
.bar.fault { background: var(--fault); }
.bar.effect { background: var(--violet); }
.bar.away { background: var(--soft); }
.bar.outage { background: var(--red); }
.lane .bar.repair { background: var(--green); top: 0.55rem; height: 0.25rem; }
.lane .at { position: absolute; top: 0.3rem; width: 0.75rem; height: 0.75rem; margin-left: -0.375rem; }
.at.detected { background: var(--blue); clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%); }
.at.begun { background: var(--green); clip-path: polygon(0 0, 100% 50%, 0 100%); }
.at.done { background: var(--green); border-radius: 50%; }
.at.healed { border: 2px solid var(--fault); border-radius: 50%; }
.lane .whisker { position: absolute; top: 0.45rem; height: 0.45rem; border: solid var(--ink); border-width: 0 1px;
  background: linear-gradient(var(--ink), var(--ink)) center / 100% 1px no-repeat; }
.lane .words { position: absolute; padding: 0 0.6rem; white-space: nowrap; }
.lane .words.inside { padding: 0; display: flex; justify-content: center; }
.words.inside span { background: var(--card); padding: 0 0.4rem; border-radius: 0.2rem; display: inline-block; line-height: 1.1rem; }
.strip, .range { display: grid; align-items: center; column-gap: 0.6rem; }
.strip { grid-template-columns: 3.4rem minmax(0, 1fr) 3.4rem; font-size: 0.8125rem; line-height: 1.3rem; }
.strip .track { position: relative; height: 1.25rem; }
.strip .label, .range .label { color: var(--soft); }
.strip .lost, .range .values { font-variant-numeric: tabular-nums; white-space: nowrap; }
.strip-group { font-weight: 600; font-size: 0.875rem; margin: 0.7rem 0 0.1rem; }
.strip .box { fill: var(--box); stroke: var(--blue); stroke-width: 1; vector-effect: non-scaling-stroke; }
.strip .whisker { stroke: var(--blue); stroke-width: 1.5; }
.strip .median { stroke: var(--ink); stroke-width: 2.5; }
.strip .zone { fill: var(--fail-tint); }
.strip .failed { fill: var(--red); }
.strip.axis, .range.axis { border-top: 1px solid var(--rule); margin-top: 0.2rem; }
.strip.axis .tick, .range.axis .tick { position: absolute; transform: translateX(-50%); color: var(--soft); font-size: 0.75rem; white-space: nowrap; }
.strip.axis .tick.beyond { left: 94%; }
.ranges { max-width: 80rem; }
.range { grid-template-columns: 17rem minmax(0, 1fr) 16rem; font-size: 0.8375rem; padding: 0.1rem 0; }
.range + .range { border-top: 1px solid var(--rule); }
.range .track { position: relative; height: 1.4rem; margin: 0 0.5rem; }
.range:not(.axis) .track { background: linear-gradient(var(--rule), var(--rule)) center / 100% 1px no-repeat; }
.range .limit { position: absolute; top: 0; bottom: 0; border-left: 1px dashed var(--soft); }
.dot, .censored { position: absolute; top: 0.3rem; width: 0.8rem; height: 0.8rem; margin-left: -0.4rem; }
.dot { border-radius: 50%; background: var(--blue); opacity: 0.75; border: 1px solid var(--page); }
.censored { background: var(--red); clip-path: polygon(0 0, 100% 50%, 0 100%); }
.dot:focus-visible, .censored:focus-visible { outline: 2px solid var(--link); clip-path: none; }
@media screen and (max-width: 56rem) {
  .range { grid-template-columns: minmax(0, 1fr); }
  .range .track { margin: 0 1rem; }
  .range.axis .label, .range.axis .values { display: none; }
}
@media screen and (max-width: 40rem) {
  .panel .plot, .panel .title, .timeline figcaption { margin-left: 3.5rem; }
  .panel .tick { font-size: 0.6875rem; }
  .lane { font-size: 0.6875rem; }
  .lane .label { flex-basis: 3.5rem; }
  .strip { grid-template-columns: 2.9rem minmax(0, 1fr) 2.9rem; font-size: 0.75rem; column-gap: 0.3rem; }
  .strip.axis .tick { font-size: 0.625rem; }
}
`);
