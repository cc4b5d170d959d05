import { Markup } from '../markup.ts';

/** What a comparison draws beside the drawings of a report: two sides, told apart by colour, by shape and by letter. */
export const comparisonStyle = new Markup(`
:root { --one: var(--blue); --other: var(--orange); --one-tint: #e3eefa; --other-tint: #fbeadb; }
@media (prefers-color-scheme: dark) { :root { --one-tint: #16293d; --other-tint: #38250f; } }
header.two { border-color: var(--rule); }
.side { font-weight: 600; white-space: nowrap; }
.side.one, .letter.one { color: var(--one); }
.side.other, .letter.other { color: var(--other); }
.letter { font-weight: 700; margin-right: 0.35em; }
.letter::before { content: ""; display: inline-block; width: 0.6em; height: 0.6em; margin-right: 0.3em; background: currentColor; }
.letter.one::before { border-radius: 50%; }
.letter.other::before { clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%); }
.finding { display: inline-block; white-space: nowrap; color: var(--soft); }
.finding.one, .finding.other { padding: 0.05em 0.6em; border-radius: 1em; font-weight: 600; }
.finding.one { color: var(--one); background: var(--one-tint); }
.finding.other { color: var(--other); background: var(--other-tint); }
.unlike { color: var(--unknown); white-space: normal; }
.pair { display: grid; align-items: center; column-gap: 0.8rem; padding: 0.2rem 0; font-size: 0.8375rem;
  grid-template-columns: 16rem minmax(8rem, 1fr) 12rem 12rem; }
.pair + .pair { border-top: 1px solid var(--rule); }
.pair.total { font-weight: 600; border-bottom: 2px solid var(--rule); }
.pair .label { color: var(--soft); overflow-wrap: anywhere; }
.pair.total .label { color: inherit; }
.pair .tracks { position: relative; height: 2.2rem; margin: 0 0.6rem; border: solid var(--rule); border-width: 0 1px; }
.pair .numbers { font-variant-numeric: tabular-nums; line-height: 1.1rem; }
.pair .numbers > span { display: block; white-space: nowrap; }
.pair .interval { position: absolute; height: 2px; min-width: 2px; }
.pair .point { position: absolute; width: 0.7rem; height: 0.7rem; margin-left: -0.35rem; }
.pair .one { top: 0.55rem; }
.pair .other { top: 1.65rem; }
.pair .interval.one, .pair .point.one { background: var(--one); }
.pair .interval.other, .pair .point.other { background: var(--other); }
.pair .point { transform: translateY(calc(-50% + 1px)); }
.pair .point.one { border-radius: 50%; }
.pair .point.other { clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%); }
.pair .point.never { clip-path: polygon(0 0, 100% 50%, 0 100%); border-radius: 0; }
.pair.axis { border-top: 1px solid var(--rule); }
.pair.axis .tracks { height: 1.1rem; border: 0; }
.pair.axis .tick { position: absolute; transform: translateX(-50%); color: var(--soft); font-size: 0.75rem; white-space: nowrap; }
.pair.axis .tick.last { transform: translateX(-100%); }
.pairs { max-width: 88rem; }
.measure { margin-top: 1.6rem; }
.measure h3 { display: block; margin: 0; }
.measure > p { margin: 0.1rem 0 0.4rem; }
.apart { color: var(--soft); }
@media screen and (max-width: 64rem) {
  .pair { grid-template-columns: minmax(0, 1fr) auto; row-gap: 0.1rem; }
  .pair .tracks { grid-column: 1 / 3; grid-row: 2; margin: 0 1.2rem; }
  .pair .label { grid-column: 1; grid-row: 1; }
  .pair .said { grid-column: 2; grid-row: 1; text-align: right; }
  .pair .numbers { grid-column: 1 / 3; grid-row: 3; display: flex; gap: 1.2rem; flex-wrap: wrap; }
  .pair.axis .label, .pair.axis .said, .pair.axis .numbers { display: none; }
}
@media print { .pair { break-inside: avoid; } }
`);
