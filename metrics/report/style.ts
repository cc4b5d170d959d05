import { Markup } from './markup.ts';

/** The whole style sheet of a report. */
export const style = new Markup(`
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --rule: #d5dae0; --link: #0b5cad;
  --pass: #1a7031; --fail: #b3261e; --unknown: #7d5700;
  --pass-tint: #e2f3e6; --fail-tint: #fce6e4; --unknown-tint: #fbf0d2;
  --blue: #0b62b8; --red: #c5221f; --orange: #b35900; --fault: #e9a23b; --outage: #c5221f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2025; --ink: #e7eaee; --soft: #a0a9b4; --rule: #363d46; --link: #79b8ff;
    --pass: #6fd58a; --fail: #ff9189; --unknown: #efc565;
    --pass-tint: #17301f; --fail-tint: #3c1a19; --unknown-tint: #352a10;
    --blue: #6cb2ff; --red: #ff7a72; --orange: #ffae57; --fault: #b87a1c; --outage: #ff7a72;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 104rem; padding: 1rem clamp(0.75rem, 3vw, 2.5rem) 3rem; background: var(--page); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
h1 { font-size: clamp(1.4rem, 3vw, 2rem); line-height: 1.25; margin: 0.2rem 0 0.6rem; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 0.6rem; padding-top: 0.8rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.1rem; margin: 0 0 0.2rem; }
p { max-width: 75ch; margin: 0.4rem 0 0.8rem; }
ul { margin: 0.4rem 0 0.8rem; padding-left: 1.3rem; max-width: 90ch; }
a { color: var(--link); }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
small { color: var(--soft); font-size: 0.85em; }
.kind { color: var(--soft); margin: 0.2rem 0; }
.lead { font-size: 1.1rem; }
.verdict { display: inline-block; padding: 0.05em 0.6em; border-radius: 1em; font-size: 0.8125rem; font-weight: 600; line-height: 1.5;
  vertical-align: middle; white-space: nowrap; letter-spacing: 0; }
h1 .verdict { font-size: 1rem; }
.verdict.pass { color: var(--pass); background: var(--pass-tint); }
.verdict.fail { color: var(--fail); background: var(--fail-tint); }
.verdict.unknown { color: var(--unknown); background: var(--unknown-tint); }
.doubt { color: var(--unknown); }
.bad { color: var(--fail); }
.scroll { overflow-x: auto; margin: 0.8rem 0 1.2rem; max-width: 100%; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.8375rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0 0 0.35rem; white-space: nowrap; }
th, td { padding: 0.3rem 0.45rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
thead th.group { text-align: center; border-bottom: 0; padding-bottom: 0; }
tbody th { font-weight: 500; position: sticky; left: 0; background: var(--page); }
td.number, th.number { text-align: right; }
td.number { white-space: nowrap; }
article { background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; padding: 1rem clamp(0.6rem, 2vw, 1.25rem) 0.4rem;
  margin: 1rem 0; }
article tbody th { background: var(--card); }
td small, .name { white-space: nowrap; }
article:target { outline: 2px solid var(--link); }
.beside { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
.beside > * { min-width: 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 0.6rem 2rem; margin: 0.8rem 0 1.2rem; }
dt { color: var(--soft); font-size: 0.8125rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.timeline { margin: 0.8rem 0 1.2rem; }
.panel { margin: 0.6rem 0; }
.panel.marks { margin-bottom: 0; }
.panel.axis { margin-top: -0.2rem; }
.panel .title { margin: 0 0 0.3rem 4.2rem; font-size: 0.8125rem; color: var(--soft); font-weight: 600; }
.panel .plot { position: relative; margin-left: 4.2rem; height: 5.5rem; }
.panel svg { display: block; width: 100%; height: 100%; overflow: visible; }
.panel .tick { position: absolute; right: calc(100% + 0.4rem); transform: translateY(-50%); font-size: 0.75rem; line-height: 1;
  color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
.panel.axis .plot { height: 1.1rem; }
.panel.axis .tick { right: auto; top: 0.15rem; transform: translateX(-50%); }
.panel.marks .plot { height: 1.15rem; }
.mark { position: absolute; border-bottom: 3px solid var(--fault); height: 1.15rem; font-size: 0.75rem; line-height: 1; color: var(--soft);
  text-align: center; white-space: nowrap; display: flex; justify-content: center; }
figcaption { font-size: 0.8125rem; color: var(--soft); margin-left: 4.2rem; }
.legend { font-weight: 400; margin-left: 0.9rem; white-space: nowrap; }
.legend::before { content: ""; display: inline-block; width: 1.1em; height: 0; border-top: 2px solid; vertical-align: middle; margin-right: 0.35em; }
.legend.l50::before { border-color: var(--blue); }
.legend.l90::before { border-color: var(--orange); }
.legend.reference::before { border-top: 1px dashed var(--soft); }
svg .grid, svg .limit, svg .edge, svg .line { vector-effect: non-scaling-stroke; fill: none; }
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
svg .outage { fill: var(--outage); }
@media (max-width: 40rem) {
  body { font-size: 0.875rem; }
  .panel .plot, .panel .title, figcaption { margin-left: 3.4rem; }
  .panel .tick { font-size: 0.6875rem; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 8.5pt; }
  .scroll { overflow: visible; }
  table { font-size: 7pt; }
  th, td { padding: 0.15rem 0.35rem; }
  tr, .timeline, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  svg, .verdict, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`);
