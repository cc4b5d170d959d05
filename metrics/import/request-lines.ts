import { refusalOf } from '../../campaign/examine.ts';
import type { Problem } from '../../campaign/problem.ts';
import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import { fieldsOf, type Field } from './csv-line.ts';
import { linesOf } from './lines-of.ts';

/** A request as a line of CSV tells it. */
export interface RequestLine {
  readonly trial: string;
  readonly intendedUs: number;
  readonly sentUs: number;
  readonly answeredUs: number;
  readonly outcome: Outcome;
  readonly requestClass: string;
}

const needed = ['trial', 'intendedUs', 'answeredUs', 'outcome'] as const;
const columns = [...needed, 'sentUs', 'class'] as const;
type Column = (typeof columns)[number];

/** Who reads on has seen enough. */
const mostProblems = 50;

/** One line after the other, however many; throws INVALID_INPUT with the problems as `file:line:column column: what is wrong`. */
export async function* readRequestLines(
  file: string,
  trials: ReadonlySet<string>,
): AsyncGenerator<RequestLine> {
  const problems: Problem[] = [];
  let head: ReadonlyMap<Column, number> | undefined;
  for await (const { content, line } of linesOf(file, 'requests')) {
    const fields = fieldsOf(content);
    if ('message' in fields) problems.push({ line, path: '', ...fields });
    else if (head === undefined) head = headOf(fields, line, file);
    else {
      const found = requestOf(fields, head, line, trials);
      if ('problems' in found) problems.push(...found.problems);
      else if (problems.length === 0) yield found;
    }
    if (problems.length >= mostProblems) break;
  }
  if (head === undefined)
    throw refusalOf([{ line: 1, column: 1, path: '', message: `has no line; ${form}` }], file);
  if (problems.length > 0) throw refusalOf(problems, file);
}

const form = `it is CSV: a line that names the columns (${needed.join(', ')}; and sentUs and class where they are known), then a line for each request`;

function headOf(fields: readonly Field[], line: number, file: string): ReadonlyMap<Column, number> {
  const problems: Problem[] = [];
  const head = new Map<Column, number>();
  for (const [index, { text, column }] of fields.entries()) {
    const known = columns.find((name) => name === text);
    if (known === undefined)
      problems.push({ line, column, path: '', message: `"${text}" is no column; ${form}` });
    else if (head.has(known))
      problems.push({ line, column, path: '', message: `the column "${text}" is there twice` });
    else head.set(known, index);
  }
  for (const name of needed)
    if (!head.has(name))
      problems.push({ line, column: 1, path: '', message: `the column "${name}" is missing; ${form}` });
  if (problems.length > 0) throw refusalOf(problems, file);
  return head;
}

function requestOf(
  fields: readonly Field[],
  head: ReadonlyMap<Column, number>,
  line: number,
  trials: ReadonlySet<string>,
): RequestLine | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse = (name: Column, message: string): void => {
    problems.push({ line, column: fields[head.get(name) ?? 0]?.column ?? 1, path: name, message });
  };
  const textOf = (name: Column): string => fields[head.get(name) ?? -1]?.text ?? '';
  const usOf = (name: Column): number => {
    const found = textOf(name);
    const us = /^\d{1,16}$/.test(found) ? Number(found) : NaN;
    if (!Number.isSafeInteger(us)) refuse(name, `is "${found}"; it must be whole microseconds`);
    return us;
  };
  if (fields.length !== head.size)
    return {
      problems: [
        { line, column: 1, path: '', message: `has ${fields.length} fields; the heading has ${head.size}` },
      ],
    };
  const trial = textOf('trial');
  if (!trials.has(trial)) refuse('trial', `is "${trial}"; the description has no such trial`);
  const outcome = outcomes.find((known) => known === textOf('outcome'));
  if (outcome === undefined)
    refuse('outcome', `is "${textOf('outcome')}"; it must be ${outcomes.join(', ')}`);
  const [intendedUs, answeredUs] = [usOf('intendedUs'), usOf('answeredUs')];
  const sentUs = textOf('sentUs') === '' ? intendedUs : usOf('sentUs');
  if (answeredUs < sentUs) refuse('answeredUs', `is ${answeredUs}, before the request was sent (${sentUs})`);
  if (problems.length > 0 || outcome === undefined) return { problems };
  return { trial, intendedUs, sentUs, answeredUs, outcome, requestClass: textOf('class') || 'request' };
}
