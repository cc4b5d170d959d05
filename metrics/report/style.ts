import { Markup } from './markup.ts';

/** Colours, text and tables of a report; drawings have their own sheet, and so has paper. */
export const style = new Markup(`
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --rule: #d5dae0; --link: #0b5cad;
  --pass: #1a7031; --fail: #b3261e; --unknown: #7d5700;
  --pass-tint: #e2f3e6; --fail-tint: #fce6e4; --unknown-tint: #fbf0d2;
  --blue: #0b62b8; --red: #c5221f; --orange: #b35900; --violet: #6f42c1; --green: #1a7f37; --fault: #d98a1f; --box: #a9c9ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2025; --ink: #e7eaee; --soft: #a0a9b4; --rule: #363d46; --link: #79b8ff;
    --pass: #6fd58a; --fail: #ff9189; --unknown: #efc565;
    --pass-tint: #17301f; --fail-tint: #3c1a19; --unknown-tint: #352a10;
    --blue: #6cb2ff; --red: #ff7a72; --orange: #ffae57; --violet: #c8a6ff; --green: #5fd07e; --fault: #c98a2c; --box: #2f5078;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 100rem; padding: 1rem clamp(0.75rem, 3vw, 2.5rem) 3rem; background: var(--page); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
h1 { font-size: clamp(1.4rem, 3vw, 2rem); line-height: 1.25; margin: 0.1rem 0 0.4rem; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 0.6rem; padding-top: 0.8rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 0; display: inline; }
p { max-width: 75ch; margin: 0.4rem 0 0.8rem; }
ul { margin: 0.4rem 0 0.8rem; padding-left: 1.3rem; max-width: 90ch; }
a { color: var(--link); }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
small { color: var(--soft); font-size: 0.85em; }
.kind { color: var(--soft); margin: 0.2rem 0; }
.lead { font-size: 1.15rem; margin: 0.2rem 0; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { display: inline-block; padding: 0.05em 0.6em; border-radius: 1em; font-size: 0.8125rem; font-weight: 600; line-height: 1.5;
  vertical-align: middle; white-space: nowrap; letter-spacing: 0; }
h1 .verdict { font-size: 1.1rem; }
.pass { color: var(--pass); background: var(--pass-tint); }
.fail { color: var(--fail); background: var(--fail-tint); }
.unknown { color: var(--unknown); background: var(--unknown-tint); }
.first { color: inherit; background: none; border-left: 0.4rem solid var(--unknown); padding-left: clamp(0.6rem, 1.5vw, 1.2rem); }
.first.pass { border-color: var(--pass); }
.first.fail { border-color: var(--fail); }
.cards { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); grid-template-rows: auto 1fr;
  gap: 0.8rem; margin-top: 0.8rem; }
.found { grid-column: 2; grid-row: 1 / 3; display: flex; flex-direction: column; gap: 0.8rem; min-width: 0; }
.look li { margin-bottom: 0.3rem; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; padding: 0.6rem 1rem; min-width: 0; }
.card h2 { font-size: 0.8125rem; color: var(--soft); border: 0; margin: 0 0 0.3rem; padding: 0; text-transform: uppercase; letter-spacing: 0.05em; }
.card .scroll { margin: 0; }
.card table { width: 100%; }
.card tr:last-child > * { border-bottom: 0; }
.card tbody th { background: var(--card); }
.card ul { margin: 0.2rem 0; }
.tally { display: flex; gap: 2px; height: 0.7rem; margin: 0.4rem 0; }
.tally span { border-radius: 2px; min-width: 3px; }
.tally .pass { background: var(--pass); } .tally .fail { background: var(--fail); } .tally .unknown { background: var(--unknown); }
.card ul.counts { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin: 0.3rem 0; }
.counts b { font-size: 1.5rem; font-variant-numeric: tabular-nums; vertical-align: middle; }
.contents { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 1.2rem 0 0; font-size: 0.875rem; }
.doubt { color: var(--unknown); background: none; }
.none { color: var(--soft); }
.bad { color: var(--fail); }
.scroll { overflow-x: auto; margin: 0.8rem 0 1.2rem; max-width: 100%; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.8375rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0 0 0.35rem; }
th, td { padding: 0.3rem 0.45rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
thead th.group { text-align: center; border-bottom: 0; padding-bottom: 0; }
tbody th { font-weight: 500; position: sticky; left: 0; background: var(--page); }
td.number, th.number { text-align: right; }
td.number { white-space: nowrap; }
td.wide { min-width: 16rem; overflow-wrap: anywhere; }
td small, .name { white-space: nowrap; }
details.trial { background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; margin: 0.6rem 0; }
details.trial > summary { padding: 0.5rem clamp(0.6rem, 2vw, 1.25rem); cursor: pointer; }
details.tables > summary { cursor: pointer; }
.gist { color: var(--soft); font-size: 0.875rem; margin-left: 0.4rem; }
article { padding: 0 clamp(0.6rem, 2vw, 1.25rem) 0.4rem; scroll-margin-top: 3.5rem; }
article tbody th { background: var(--card); }
article:target { outline: 2px solid var(--link); outline-offset: -2px; }
.beside { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
.beside > * { min-width: 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 0.6rem 2rem; margin: 0.8rem 0 1.2rem; }
dl.facts { grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); margin: 0.3rem 0; }
.index dl { grid-template-columns: 1fr; gap: 0.3rem; }
.index dl > div { display: flex; flex-wrap: wrap; gap: 0.1rem 0.8rem; }
.index dt { flex: 0 0 17rem; }
.index dd { flex: 1 1 15rem; }
.chip { display: inline-block; border-radius: 0.3rem; padding: 0 0.35em; margin: 0 0.1rem 0.2rem 0; font-size: 0.8125rem; text-decoration: none; white-space: nowrap; }
dt { color: var(--soft); font-size: 0.8125rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.folding .title { display: none; }
@media screen and (max-width: 56rem) {
  .cards { grid-template-columns: minmax(0, 1fr); }
  .found { grid-column: 1; grid-row: auto; }
}
@media screen and (max-width: 40rem) {
  article { scroll-margin-top: 6rem; }
  body { font-size: 0.875rem; }
  .card { padding: 0.5rem 0.6rem; }
  .card th, .card td { padding: 0.25rem 0.3rem; }
  .folding thead { display: none; }
  .folding tr { display: block; padding: 0.35rem 0; border-bottom: 1px solid var(--rule); }
  .folding tr:last-child { border-bottom: 0; }
  .folding tbody th, .folding td { display: flex; justify-content: space-between; border: 0; padding: 0.05rem 0; }
  .folding tbody th { font-weight: 600; }
  .folding .title { display: inline; color: var(--soft); margin-right: auto; }
  .folding td > small { margin-inline: 0.35em; }
  .gist { display: block; margin: 0.2rem 0 0; }
}
`);
