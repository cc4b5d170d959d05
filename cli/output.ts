/** Where a verb writes: people read a table or lines, programs read JSON. Standard output carries the answer, standard error the rest. */
export class Output {
  readonly json: boolean;

  constructor(options: { readonly json?: boolean }) {
    this.json = options.json === true;
  }

  get live(): boolean {
    return !this.json && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
  }

  /** Only where people read it, and not against their wish (no-color.org). */
  get colours(): boolean {
    return this.live && (process.env['NO_COLOR'] ?? '') === '';
  }

  /** The answer of a verb, as data for `--json` and as text for people. */
  answer(data: unknown, text: () => string): void {
    process.stdout.write(this.json ? `${JSON.stringify(data, withoutMarks, 2)}\n` : `${text()}\n`);
  }

  /** One of many answers that come with time: a JSON line, or a line of text. */
  line(data: unknown, text: () => string): void {
    process.stdout.write(this.json ? `${JSON.stringify(data, withoutMarks)}\n` : `${text()}\n`);
  }

  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

/** The gRPC library marks each optional field that is there by another key, `_count: 'count'` beside `count`. */
function withoutMarks(key: string, value: unknown): unknown {
  return key !== '' && key === `_${String(value)}` ? undefined : value;
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}
