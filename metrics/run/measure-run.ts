import { OrdealError } from '../../errors/ordeal-error.ts';
import { measureCampaign } from '../measures/campaign.ts';
import type { Measures, NotCounted, TrialMeasures } from '../measures/measures.ts';
import { attemptOutcome, measureAttempt } from '../measures/trial.ts';
import { RunHistory, type AttemptHistory } from './run-history.ts';
import type { SavedRun } from './saved-run.ts';

/** The measures of a whole saved run: the same run gives the same. One attempt at a time has its samples in memory. */
export async function measureSavedRun(run: SavedRun): Promise<Measures> {
  const history = await RunHistory.read(run);
  const { counted, ended, plan, started } = history;
  const trials: TrialMeasures[] = [];
  for (const attempt of counted) trials.push(await measureFrom(run, history, attempt));
  const notCounted = history.attempts.filter((attempt) => !counted.includes(attempt)).map(passedOver);
  const reason = ended?.body.reason;
  return measureCampaign({
    campaign: started.campaign ?? run.campaign,
    name: started.body.name,
    outcome: ended?.body.outcome ?? 'unknown',
    ...(reason === undefined ? {} : { outcomeReason: reason }),
    definition: plan.definition,
    planned: plan.trials.map(({ id }) => id),
    trials,
    notCounted,
  });
}

/** The measures of one attempt, as soon as it is there, without the other trials. */
export async function measureSavedAttempt(
  run: SavedRun,
  trial: string,
  attempt: number,
): Promise<TrialMeasures> {
  const history = await RunHistory.read(run);
  const wanted = history.attempts.find(
    (candidate) => candidate.trial === trial && candidate.attempt === attempt,
  );
  if (wanted === undefined)
    throw new OrdealError('NOT_FOUND', `${run.directory} has no attempt ${attempt} at ${trial}`);
  return await measureFrom(run, history, wanted);
}

async function measureFrom(
  run: SavedRun,
  history: RunHistory,
  wanted: AttemptHistory,
): Promise<TrialMeasures> {
  const { trial, attempt, events } = wanted;
  const { definition, trials } = history.plan;
  const plan = trials.find(({ id }) => id === trial);
  if (plan === undefined) {
    throw new OrdealError('DAMAGED_RUN', `${run.eventsFile}: the trial ${trial} is not in the plan`);
  }
  return measureAttempt({ plan, attempt, definition, events, batches: await run.samples(trial, attempt) });
}

function passedOver({ trial, attempt, events }: AttemptHistory): NotCounted {
  return { trial, attempt, ...attemptOutcome(events) };
}
