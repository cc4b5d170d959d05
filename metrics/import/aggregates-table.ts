import { refusalOf } from '../../campaign/examine.ts';
import { issuesOf } from '../../campaign/issue.ts';
import type { Problem } from '../../campaign/problem.ts';
import { textOf } from '../../campaign/text.ts';
import { nearest } from '../../errors/nearest.ts';
import { cellColumns, cellSchema, repeated } from './aggregates-schema.ts';
import { fieldsOf, type Field } from './csv-line.ts';

/** A row as a file of aggregates has it: its fields by their columns, numbers as numbers. */
export type Row = Readonly<Record<string, string | number>>;

interface Placed {
  readonly line: number;
  readonly fields: readonly Field[];
}

/** The cells of a file of CSV, whose first line names the columns; throws INVALID_INPUT with every problem as `file:line:column column: what is wrong`. */
export function readAggregatesTable(content: Uint8Array, fileName: string): Row[] {
  const read = textOf(content, 'file of aggregates');
  if ('problem' in read) throw refusalOf([read.problem], fileName);
  const { lines, problems } = linesOf(read.text);
  const [head, ...rest] = lines;
  if (problems.length > 0) throw refusalOf(problems, fileName);
  if (head === undefined || rest.length === 0) {
    const message = `has ${head === undefined ? 'no line' : 'a heading and no cell'}; it is CSV: a line that names the columns (${cellColumns.join(', ')}), then a line for each cell`;
    throw refusalOf([{ line: 1, column: 1, path: '', message }], fileName);
  }
  const wrongHead = problemsOfHead(head);
  if (wrongHead.length > 0) throw refusalOf(wrongHead, fileName);
  const rows = rest.map((line) => ({ line, row: rowOf(head, line) }));
  const wrong = [
    ...rest.flatMap((line) => problemsOfLength(head, line)),
    ...rows.flatMap(problemsOfRow(head)),
  ];
  const twice = repeated(rows.map(({ row }) => ({ cell: String(row['cell'] ?? '') })));
  const place = head.fields.findIndex(({ text }) => text === 'cell');
  for (const { index, message } of twice) {
    const line = rest[index];
    if (line !== undefined)
      wrong.push({ line: line.line, column: line.fields[place]?.column ?? 1, path: 'cell', message });
  }
  if (wrong.length > 0) throw refusalOf(wrong, fileName);
  return rows.map(({ row }) => row);
}

function linesOf(text: string): { lines: Placed[]; problems: Problem[] } {
  const lines: Placed[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const fields = fieldsOf(line);
    if ('message' in fields) problems.push({ line: index + 1, path: '', ...fields });
    else lines.push({ line: index + 1, fields });
  }
  return { lines, problems };
}

function problemsOfHead({ line, fields }: Placed): Problem[] {
  const allowed = `; the columns are ${cellColumns.join(', ')}`;
  const problems = fields.flatMap(({ text, column }, index): Problem[] => {
    const near = nearest(text, cellColumns);
    const meant = near === undefined ? '' : `; did you mean "${near}"?`;
    if (!cellColumns.includes(text))
      return [{ line, column, path: '', message: `"${text}" is no column${meant}${allowed}` }];
    return fields.findIndex((field) => field.text === text) === index
      ? []
      : [{ line, column, path: '', message: `the column "${text}" is there twice` }];
  });
  const missing = ['cell', 'trials'].filter((needed) => !fields.some(({ text }) => text === needed));
  return [
    ...problems,
    ...missing.map((text) => ({
      line,
      column: 1,
      path: '',
      message: `the column "${text}" is missing${allowed}`,
    })),
  ];
}

function problemsOfLength(head: Placed, { line, fields }: Placed): Problem[] {
  if (fields.length === head.fields.length) return [];
  const column = fields[head.fields.length]?.column ?? 1;
  return [
    { line, column, path: '', message: `has ${fields.length} fields; the heading has ${head.fields.length}` },
  ];
}

/** An empty field says nothing. */
function rowOf(head: Placed, { fields }: Placed): Row {
  return Object.fromEntries(
    head.fields.flatMap(({ text: name }, index) => {
      const text = fields[index]?.text ?? '';
      return text === '' ? [] : [[name, /^\d{1,15}$/.test(text) ? Number(text) : text]];
    }),
  );
}

function problemsOfRow(head: Placed) {
  return ({ line: { line, fields }, row }: { line: Placed; row: Row }): Problem[] => {
    const parsed = cellSchema.safeParse(row);
    if (parsed.success) return [];
    return issuesOf(parsed.error.issues, row, [], cellSchema).map(({ path, message }) => {
      const name = String(path[0] ?? '');
      const place = head.fields.findIndex(({ text }) => text === name);
      return { line, column: fields[place]?.column ?? 1, path: name, message };
    });
  };
}
