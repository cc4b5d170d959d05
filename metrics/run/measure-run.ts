import { isDeepStrictEqual } from 'node:util';
import type { Definition } from '../../campaign/definition.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Event } from '../../events/event.ts';
import { measureCampaign } from '../measures/campaign.ts';
import { compareText } from '../measures/canonical.ts';
import { faultFacts } from '../measures/fault-facts.ts';
import type { Concluded, Measures, NotCounted, PrunedTrial, TrialMeasures } from '../measures/measures.ts';
import { attemptOutcome, measureAttempt } from '../measures/trial.ts';
import { RunHistory, type AttemptHistory } from './run-history.ts';
import type { SavedPlan } from './saved-plan.ts';
import type { SavedRun } from './saved-run.ts';

/** What of a definition a campaign file says; the rest are facts of the run. */
export type Demands = Omit<Definition, 'timeoutUs' | 'bootstrapSeed'>;

/**
 * The measures of a whole saved run: the same run gives the same. Where demands are given, they take the place of the run's own. One attempt at a time
 * has its samples in memory.
 */
export async function measureSavedRun(run: SavedRun, demands?: Demands): Promise<Measures> {
  const history = await RunHistory.read(run);
  const { counted, ended, started } = history;
  const { plan, redefined } = redefine(history.plan, demands);
  const trials: TrialMeasures[] = [];
  for (const attempt of counted) trials.push(await measureSavedAttempt(run, plan, attempt));
  const notCounted = history.attempts.filter((attempt) => !counted.includes(attempt)).map(passedOver);
  const reason = ended?.body.reason;
  const measures = measureCampaign({
    campaign: started.campaign ?? run.campaign,
    name: started.body.name,
    outcome: ended?.body.outcome ?? 'unknown',
    ...(reason === undefined ? {} : { outcomeReason: reason }),
    definition: plan.definition,
    planned: plan.trials.map(({ id }) => id),
    trials,
    notCounted,
    ...(history.concluded === undefined ? {} : { concluded: concludedBy(history.concluded) }),
    pruned: history.pruned.flatMap((event) => prunedBy(event, plan)),
  });
  return redefined.length === 0 ? measures : { ...measures, redefined };
}

/** The measures of one attempt, as soon as it is there, without the other trials. */
export async function measureSavedAttempt(
  run: SavedRun,
  { definition, trials }: SavedPlan,
  { trial, attempt, events }: AttemptHistory,
): Promise<TrialMeasures> {
  const plan = trials.find(({ id }) => id === trial);
  if (plan === undefined) {
    throw new OrdealError('DAMAGED_RUN', `${run.eventsFile}: the trial ${trial} is not in the plan`);
  }
  return measureAttempt({ plan, attempt, definition, events, batches: await run.samples(trial, attempt) });
}

/** With the names of what differs. */
function redefine(plan: SavedPlan, demands: Demands | undefined): { plan: SavedPlan; redefined: string[] } {
  const { definition } = plan;
  const given = Object.entries(demands ?? {});
  const own = new Map<string, unknown>(Object.entries(definition));
  const redefined = given.filter(([part, found]) => !isDeepStrictEqual(found, own.get(part)));
  return {
    plan: { ...plan, definition: { ...definition, ...demands } },
    redefined: redefined.map(([part]) => part).sort(compareText),
  };
}

function prunedBy(
  { trial, body: { policy, grounds } }: Event<'trial.pruned'>,
  plan: SavedPlan,
): PrunedTrial[] {
  const planned = plan.trials.find(({ id }) => id === trial);
  if (planned === undefined) return [];
  const fault = faultFacts(planned);
  return [{ trial: planned.id, ...(fault === undefined ? {} : { fault }), policy, grounds }];
}

function concludedBy({ body: { blocks, because, widths } }: Event<'campaign.concluded'>): Concluded {
  return { blocks, because, widths };
}

function passedOver({ trial, attempt, events }: AttemptHistory): NotCounted {
  return { trial, attempt, ...attemptOutcome(events) };
}
