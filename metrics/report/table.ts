import { markup, type Markup, type Piece } from './markup.ts';

export interface Column<Row> {
  readonly title: string;
  /** Columns that follow each other and share a heading above their titles. */
  readonly under?: string;
  readonly numeric?: boolean;
  /** Long texts, which get room before they are broken. */
  readonly wide?: boolean;
  readonly cell: (row: Row) => Piece;
}

/** A table that scrolls by itself where it is wider than the page. The first column names the row. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
${inside(caption, columns, rows)}</table></div>
`;
}

/** A table of few rows that turns into a list of them where the page is narrow. */
export function foldingTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Markup {
  const titled = columns.map((column): Column<Row> => ({
    ...column,
    cell: (row) =>
      markup`<span class="title" aria-hidden="true">${column.title}</span>${marked(column.cell(row))}`,
  }));
  return markup`<table class="folding">
${inside(caption, columns.slice(0, 1).concat(titled.slice(1)), rows)}</table>
`;
}

function inside<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  return markup`<caption>${caption}</caption>
<thead>${headings(columns)}</thead>
<tbody>${rows.map((row) => line(columns, row))}</tbody>
`;
}

function headings<Row>(columns: readonly Column<Row>[]): Markup {
  if (columns.every(({ under }) => under === undefined)) {
    return markup`<tr>${columns.map((column) => heading(column))}</tr>`;
  }
  const upper = columns.map((column, at) => {
    if (column.under === undefined) return heading(column, 2);
    if (columns[at - 1]?.under === column.under) return undefined;
    const width = columns.filter(({ under }) => under === column.under).length;
    return markup`<th scope="colgroup" colspan="${width}" class="group">${column.under}</th>`;
  });
  const lower = columns.filter(({ under }) => under !== undefined).map((column) => heading(column));
  return markup`<tr>${upper}</tr><tr>${lower}</tr>`;
}

function heading<Row>({ title, numeric }: Column<Row>, rowspan = 1): Markup {
  const rows = rowspan === 1 ? undefined : markup` rowspan="${rowspan}"`;
  return markup`<th scope="col"${rows}${numeric === true ? markup` class="number"` : undefined}>${title}</th>`;
}

function line<Row>(columns: readonly Column<Row>[], row: Row): Markup {
  const cells = columns.map(({ cell, numeric, wide }, at) =>
    at === 0
      ? markup`<th scope="row">${cell(row)}</th>`
      : markup`<td${numeric === true ? markup` class="number"` : wide === true ? markup` class="wide"` : undefined}>${marked(cell(row))}</td>`,
  );
  return markup`<tr>${cells}</tr>`;
}

/** What is not known must not be passed over. */
function marked(piece: Piece): Piece {
  return piece === 'unknown' ? markup`<span class="doubt">unknown</span>` : piece;
}
