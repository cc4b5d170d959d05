import { Markup } from './markup.ts';

/** Paper: no table cut, nothing that would have to be scrolled, and of the folded trials their one line. */
export const printStyle = new Markup(`
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { color-scheme: light; font-size: 8.5pt; }
  body { max-width: none; padding: 0; }
  .contents { display: none; }
  .scroll { overflow: visible; margin: 0.6rem 0 1rem; break-inside: avoid; }
  table { font-size: 7pt; }
  th, td { padding: 0.15rem 0.3rem; }
  tbody th { position: static; }
  thead { display: table-header-group; }
  td.wide { min-width: 10rem; }
  tr, figure, .card, h2, h3, dl > div, .strip, .range { break-inside: avoid; }
  h2, h3, caption, summary, .strip-group { break-after: avoid; }
  details.trial[open] { break-before: page; background: none; border: 0; }
  details.trial > summary { list-style: none; padding-inline: 0; }
  article { padding-inline: 0; }
  a { color: inherit; text-decoration: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`);
