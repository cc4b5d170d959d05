import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Event } from '../../events/event.ts';
import { eventsOf, ofKind } from '../e2e/saved-run.ts';
import { until } from '../until.ts';
import { accounted, discrepancies, type Books } from './accounts.ts';
import { killAlong, type DoneKill } from './killer.ts';
import type { Kill } from './kills.ts';
import type { OrdealUp } from './ordeal-up.ts';
import { changes, tracesOf } from './traces.ts';

const planned = z.object({
  trials: z.array(z.object({ id: z.string(), seed: z.number(), fault: z.string() })),
});
const savedPlan = z.object({
  trials: z.array(
    z.object({
      id: z.string(),
      seed: z.number(),
      fault: z.object({ name: z.string() }).optional(),
      combination: z.object({ name: z.string() }).optional(),
    }),
  ),
});
const measures = z.object({
  trials: z.array(
    z.object({ trial: z.string(), attempt: z.number(), verdict: z.enum(['pass', 'fail', 'unknown']) }),
  ),
});

export interface Killed {
  readonly id: string;
  readonly kills: readonly DoneKill[];
  /** How many trials the plan has, how many of them are accounted for once, and how many attempts there were at them. */
  readonly trials: number;
  readonly accounted: number;
  readonly attempts: number;
  readonly unknown: number;
  readonly events: readonly Event[];
  readonly wrong: readonly string[];
  readonly residue: readonly string[];
}

/** After a campaign its last words are still on their way, and what was killed last is coming back. */
const settleLooks = 30;
const lookEveryMs = 2_000;

/** Runs a campaign to its end while the processes of Ordeal are killed, then looks at the books and at the hosts. */
export async function runKilled(
  up: OrdealUp,
  file: string,
  kills: Iterator<Kill, unknown>,
  atMost: number,
): Promise<Killed> {
  await up.json('hosts');
  const before = await tracesOf(up);
  const plan = planned.parse(await up.json('campaign', 'plan', '--allow-substitute', file)).trials;
  const { id } = z
    .object({ id: z.string() })
    .parse(await up.json('campaign', 'run', '--allow-substitute', '--detach', file));
  const over = new AbortController();
  const killing = killAlong(up.pid, kills, atMost, over.signal);
  await ends(up, id, plan.length);
  over.abort();
  const done = await killing;
  const books = await settled(async () => await booksOf(up, id, plan), discrepancies);
  const wrong = books.found;
  const residue = await settled(
    async () => await tracesOf(up),
    (now) => changes(before, now),
  );
  return {
    id,
    kills: done,
    trials: plan.length,
    accounted: accounted(books.value, wrong),
    attempts: ofKind(books.value.events, 'trial.ended').length,
    unknown: books.value.record.unknown,
    events: books.value.events,
    wrong,
    residue: residue.found,
  };
}

async function ends(up: OrdealUp, id: string, trials: number): Promise<void> {
  // A busy machine takes minutes for a trial of which an attempt is broken by every kill; one of which nothing comes for ever does not end.
  const untilMs = Date.now() + (trials + 1) * 300_000;
  while ((await up.campaign(id)).state === 'RUNNING') {
    if (Date.now() > untilMs) throw new Error(`campaign ${id} does not come to its end`);
    await sleep(lookEveryMs);
  }
}

async function booksOf(up: OrdealUp, id: string, plan: Books['planned']): Promise<Books> {
  const directory = join(up.runs, id);
  await until(`${id} is measured`, async () => (await readFile(join(directory, 'measures.json'))).length > 0);
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, name), 'utf8'));
  const record = await up.campaign(id);
  return {
    planned: plan.map(({ id: trial, seed, fault }) => ({ id: trial, seed, fault })),
    saved: savedPlan.parse(await read('plan.json')).trials.map(({ id: trial, seed, fault, combination }) => ({
      id: trial,
      seed,
      fault: combination?.name ?? fault?.name ?? '',
    })),
    events: await eventsOf(up.runs, id),
    record: {
      state: record.state,
      ended: record.trialsEnded,
      pass: record.trialsPassed,
      fail: record.trialsFailed,
      unknown: record.trialsUnknown,
    },
    measured: measures.parse(await read('measures.json')).trials,
  };
}

/** Looks until nothing is found, or for as long as something may still come. */
async function settled<Value>(
  look: () => Promise<Value>,
  find: (value: Value) => readonly string[],
): Promise<{ value: Value; found: readonly string[] }> {
  for (let left = settleLooks; ; left -= 1) {
    const value = await look();
    const found = find(value);
    if (found.length === 0 || left === 0) return { value, found };
    await sleep(lookEveryMs);
  }
}
