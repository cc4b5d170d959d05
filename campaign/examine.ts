import { OrdealError } from '../errors/ordeal-error.ts';
import { type Issue, pathText } from './issue.ts';
import type { Problem } from './problem.ts';
import { textOf } from './text.ts';
import { parseYamlText } from './yaml-text.ts';

/** More than anyone reads at once; and finding the place of each takes time. */
const mostProblems = 200;
const mostTold = 50;

export type FileKind = 'campaign file' | 'schedule file' | 'file of aggregates' | 'description of a run';

/** What a file says, or all that is wrong with it, in the order of its lines. */
type Examined<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Reads a file of a kind; `check` judges what it says as a whole. */
export function examine<T>(
  content: string | Uint8Array,
  kind: FileKind,
  check: (value: unknown) => { readonly value: T } | { readonly issues: readonly Issue[] },
): Examined<T> {
  const read = textOf(content, kind);
  if ('problem' in read) return { problems: [read.problem] };
  const located = parseYamlText(read.text, kind);
  if ('problems' in located) return { problems: inOrder(located.problems) };
  const checked = check(located.value);
  if ('value' in checked) return checked;
  const problems = checked.issues.slice(0, mostProblems).map(({ path, message, atKey = false, within }) => ({
    ...located.place(path, { key: atKey, within }),
    path: pathText(path),
    message,
  }));
  return { problems: inOrder(problems) };
}

/** INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function refusalOf(problems: readonly Problem[], fileName: string): OrdealError {
  const told = problems.slice(0, mostTold).map(({ line, column, path, message }) => {
    const where = `${fileName}:${line}:${column}`;
    return path === '' ? `${where} ${message}` : `${where} ${path}: ${message}`;
  });
  const rest = problems.length - told.length;
  return new OrdealError('INVALID_INPUT', [...told, ...(rest > 0 ? ['and more problems'] : [])].join('\n'));
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}
