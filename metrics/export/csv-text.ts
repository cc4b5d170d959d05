export interface CsvColumn<Row> {
  readonly title: string;
  /** Undefined: there is none, so the field is empty. */
  readonly cell: (row: Row) => string | number | boolean | undefined;
}

/** A table as RFC 4180 has it, but with line feeds alone, as all files of a saved run have them. */
export function csvText<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ title }) => quoted(title)),
    ...rows.map((row) => columns.map(({ cell }) => quoted(String(cell(row) ?? '')))),
  ];
  return lines.map((fields) => `${fields.join(',')}\n`).join('');
}

/** A spreadsheet takes for a formula what begins as one; a space in front does not change what is read. */
const formula = /^[=+@\t]|^-(?!\d|∞)/;

function quoted(text: string): string {
  const shown = formula.test(text) ? ` ${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
