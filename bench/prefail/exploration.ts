import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { bugNames, type BugName } from '../../embedded/bugs/bug-name.ts';
import { bugs } from '../../embedded/bugs/catalogue.ts';
import type { Event } from '../../events/event.ts';
import { eventsOf, ofKind } from '../../test/e2e/saved-run.ts';
import type { OrdealUp } from '../../test/kills/ordeal-up.ts';
import { until } from '../../test/until.ts';
import { campaignOf } from './campaign.ts';

/** A trial that was run. */
export interface Explored {
  readonly trial: string;
  /** The name of its fault, or of its pair. */
  readonly name: string;
  readonly faults: 1 | 2;
  readonly outcome: string;
  /** That have shown themselves in it. */
  readonly bugs: readonly BugName[];
}

export interface Exploration {
  readonly explored: readonly Explored[];
  readonly pruned: number;
  readonly minutes: number;
}

const lookEveryMs = 2_000;

const planSchema = z.object({
  trials: z.array(
    z.object({
      id: z.string(),
      fault: z.object({ name: z.string() }).optional(),
      combination: z.object({ name: z.string() }).optional(),
    }),
  ),
});
const measuresSchema = z.object({
  trials: z.array(
    z.object({
      trial: z.string(),
      attempt: z.number(),
      outcomeOfFault: z.object({ is: z.string() }).optional(),
    }),
  ),
});

/** Runs the plan to its end, without the trials that the policies leave out. */
export async function explore(up: OrdealUp, name: string, prune: readonly object[]): Promise<Exploration> {
  const file = await up.file(`${name}.yaml`, campaignOf(up.system, name, prune));
  const begunMs = Date.now();
  const { id } = z
    .object({ id: z.string() })
    .parse(await up.json('campaign', 'run', '--allow-substitute', '--detach', file));
  while ((await up.campaign(id)).state === 'RUNNING') await sleep(lookEveryMs);
  const minutes = (Date.now() - begunMs) / 60_000;
  const { state, reason } = await up.campaign(id);
  if (state !== 'COMPLETED') throw new Error(`the campaign ${id} is ${state}: ${reason}`);
  const directory = join(up.runs, id);
  const plan = planSchema.parse(await json(directory, 'plan.json'));
  let trials: z.infer<typeof measuresSchema>['trials'] = [];
  let events: Event[] = [];
  await until(`${id} is measured`, async () => {
    events = await eventsOf(up.runs, id);
    ({ trials } = measuresSchema.parse(await json(directory, 'measures.json')));
    return trials.length + ofKind(events, 'trial.pruned').length === plan.trials.length;
  });
  const explored = trials.map(({ trial, attempt, outcomeOfFault }): Explored => {
    const planned = plan.trials.find((one) => one.id === trial);
    return {
      trial,
      name: planned?.combination?.name ?? planned?.fault?.name ?? '',
      faults: planned?.combination === undefined ? 1 : 2,
      outcome: outcomeOfFault?.is ?? 'unknown',
      bugs: shownIn(events.filter((event) => event.trial === trial && event.attempt === attempt)),
    };
  });
  return { explored, pruned: ofKind(events, 'trial.pruned').length, minutes };
}

async function json(directory: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(directory, name), 'utf8'));
}

/** By what the target itself has written meanwhile. */
function shownIn(events: readonly Event[]): BugName[] {
  const lines = ofKind(events, 'watch.line').map(({ body }) => body);
  return bugNames.filter((name) => {
    const { log, line } = bugs[name].symptom;
    return lines.some(({ watch, text }) => watch.startsWith(log) && line.test(text));
  });
}
