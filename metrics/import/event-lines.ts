import { z } from 'zod';
import type { Problem } from '../../campaign/problem.ts';
import { refusalOf } from '../../campaign/examine.ts';
import { issuesOf } from '../../campaign/issue.ts';
import { linesOf } from './lines-of.ts';
import type { RunDescription } from './run-description.ts';

const atUs = z.int({ error: 'must be whole microseconds' }).min(0, 'must be 0 or more');
const count = z.int({ error: 'must be a whole number' }).min(0, 'must be 0 or more');
const common = { trial: z.string({ error: 'must be the id of a trial' }), atUs };

const lineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started'), ...common }),
  z.strictObject({ kind: z.literal('injected'), ...common }),
  z.strictObject({
    kind: z.literal('removed'),
    ...common,
    effects: count.exactOptional(),
    firstEffectUs: atUs.exactOptional(),
    clean: z.boolean({ error: 'must be true or false' }).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('ended'), ...common }),
  z.strictObject({ kind: z.literal('line'), ...common, watch: z.string(), text: z.string() }),
]);

type Line = z.output<typeof lineSchema>;
type LineOf<Kind extends Line['kind']> = Extract<Line, { kind: Kind }>;

/** What is said of one trial: its instants, and the lines of the infrastructure. */
export interface TrialLines {
  readonly started: LineOf<'started'>;
  /** Of a golden run: when a fault would have been there. */
  readonly injected: LineOf<'injected'>;
  readonly removed: LineOf<'removed'>;
  readonly ended: LineOf<'ended'>;
  readonly lines: readonly LineOf<'line'>[];
}

const instants = ['started', 'injected', 'removed', 'ended'] as const;

/** Who reads on has seen enough. */
const mostProblems = 50;

/** By trial, one line of the file after the other; throws INVALID_INPUT with the problems as `file:line:column path: what is wrong`. */
export async function readEventLines(
  file: string,
  description: Pick<RunDescription, 'trials' | 'watches'>,
): Promise<Map<string, TrialLines>> {
  const problems: Problem[] = [];
  const read = new Map<string, ReadLine[]>(description.trials.map(({ id }) => [id, []]));
  const watches = new Set(description.watches);
  for await (const { content, line } of linesOf(file, 'events')) {
    const found = readLine(content, line, read, watches);
    if ('said' in found) read.get(found.said.trial)?.push(found);
    else problems.push(...found.problems);
    if (problems.length >= mostProblems) throw refusalOf(problems, file);
  }
  const trials = new Map<string, TrialLines>();
  for (const [id, own] of read) {
    const gathered = gather(id, own);
    if ('problems' in gathered) problems.push(...gathered.problems);
    else trials.set(id, gathered);
  }
  if (problems.length > 0)
    throw refusalOf(
      problems.toSorted((a, b) => a.line - b.line),
      file,
    );
  return trials;
}

interface ReadLine {
  readonly line: number;
  readonly said: Line;
}

function readLine(
  content: string,
  line: number,
  trials: ReadonlyMap<string, unknown>,
  watches: ReadonlySet<string>,
): ReadLine | { readonly problems: readonly Problem[] } {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /position (\d+)/.exec(message)?.[1];
    const column = position === undefined ? 1 : Number(position) + 1;
    return { problems: [{ line, column, path: '', message: 'is not JSON; each line is one object' }] };
  }
  const at = (key: string): number => Math.max(0, content.indexOf(`"${key}"`)) + 1;
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) {
    const issues = issuesOf(parsed.error.issues, value, [], lineSchema);
    return {
      problems: issues.map(({ path, message }) => {
        const key = String(path[0] ?? '');
        return { line, column: at(key), path: key, message };
      }),
    };
  }
  const said = parsed.data;
  if (!trials.has(said.trial)) {
    const ids = [...trials.keys()];
    const message = `is "${said.trial}"; the description has no such trial: ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', ..' : ''}`;
    return { problems: [{ line, column: at('trial'), path: 'trial', message }] };
  }
  if (said.kind === 'line' && !watches.has(said.watch)) {
    const message = `is "${said.watch}"; it must be one of the watches of the description: ${[...watches].join(', ') || 'there is none'}`;
    return { problems: [{ line, column: at('watch'), path: 'watch', message }] };
  }
  return { line, said };
}

function gather(
  trial: string,
  own: readonly ReadLine[],
): TrialLines | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const only = <Kind extends (typeof instants)[number]>(kind: Kind): LineOf<Kind> | undefined => {
    const [first, ...more] = own.filter(({ said }) => said.kind === kind);
    if (first === undefined)
      problems.push({ line: 1, column: 1, path: '', message: `no line says when ${trial} was ${kind}` });
    for (const { line } of more)
      problems.push({
        line,
        column: 1,
        path: 'kind',
        message: `${trial} was ${kind} before, on line ${first?.line ?? 0}`,
      });
    return first?.said as LineOf<Kind> | undefined;
  };
  const [started, injected, removed, ended] = [
    only('started'),
    only('injected'),
    only('removed'),
    only('ended'),
  ];
  if (!started || !injected || !removed || !ended || problems.length > 0) return { problems };
  const order = [started, injected, removed, ended];
  const wrong = order.findIndex((one, index) => one.atUs < (order[index - 1]?.atUs ?? 0));
  if (wrong > 0) {
    const line = own.find(({ said }) => said === order[wrong])?.line ?? 1;
    const message = `is before ${trial} was ${instants[wrong - 1] ?? ''}; the order is ${instants.join(', ')}`;
    return { problems: [{ line, column: 1, path: 'atUs', message }] };
  }
  const lines = own.flatMap(({ said }) => (said.kind === 'line' ? [said] : []));
  return { started, injected, removed, ended, lines };
}
