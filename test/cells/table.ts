interface Column {
  readonly head: string;
  /** Of the terminal; longer texts go on in the next line of the row. */
  readonly width: number;
}

const gap = '  ';

/** Rows whose texts are wrapped within their columns. */
export function wrappedTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const heads = columns.map(({ head }) => head);
  const rule = columns.map(({ width }) => '-'.repeat(width));
  return [heads, rule, ...rows].map((row) => wrappedRow(columns, row)).join('\n');
}

function wrappedRow(columns: readonly Column[], row: readonly string[]): string {
  const texts = columns.map(({ width }, index) => wrapped(row[index] ?? '', width));
  const height = Math.max(...texts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    columns
      .map(({ width }, index) => (texts[index]?.[at] ?? '').padEnd(width))
      .join(gap)
      .trimEnd(),
  ).join('\n');
}

/** At spaces, and behind the dots of a name; a word that is longer than the column is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=[ .])/).flatMap((long) => cut(long, width))) {
    if (`${line}${word.trimEnd()}`.length > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

function cut(word: string, width: number): string[] {
  return word.trimEnd().length <= width ? [word] : [word.slice(0, width), ...cut(word.slice(width), width)];
}
