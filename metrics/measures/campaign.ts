import type { Definition } from '../../campaign/definition.ts';
import { compareWithGolden } from './comparisons.ts';
import { degradationOf } from './degradation.ts';
import { driftOfGolden } from './drift.ts';
import type { TrialInfrastructure } from './infrastructure-measures.ts';
import type {
  Concluded,
  Degradation,
  Measures,
  NotCounted,
  PrunedTrial,
  TrialMeasures,
  Verdict,
} from './measures.ts';
import { outcomeOfFault } from './outcome-class.ts';
import { groupsOf } from './references.ts';
import { isHarmed } from './harm.ts';
import { sensitivityOf } from './sensitivity.ts';

export interface CampaignParts {
  readonly campaign: string;
  readonly name: string;
  readonly outcome: Measures['outcome'];
  /** Why it ended so, where it said so. */
  readonly outcomeReason?: string;
  readonly definition: Definition;
  /** The ids of all trials of the plan, in its order. */
  readonly planned: readonly string[];
  /** The last attempt at each trial that was begun. */
  readonly trials: readonly TrialMeasures[];
  readonly notCounted: readonly NotCounted[];
  readonly pruned?: readonly PrunedTrial[];
  readonly concluded?: Concluded;
}

/** What the trials come to together. */
export function measureCampaign(parts: CampaignParts): Measures {
  const { campaign, name, outcome, definition, planned } = parts;
  const placeOf = new Map(planned.map((trial, index) => [trial, index]));
  const inPlanOrder = <Some extends { readonly trial: string }>(some: readonly Some[]): Some[] =>
    some.toSorted((a, b) => (placeOf.get(a.trial) ?? Infinity) - (placeOf.get(b.trial) ?? Infinity));
  const trials = againstGolden(inPlanOrder(parts.trials), definition);
  const notCounted = inPlanOrder(parts.notCounted.toSorted((a, b) => a.attempt - b.attempt));
  const pruned = inPlanOrder(parts.pruned ?? []);
  const accountedFor = new Set([...trials, ...pruned].map(({ trial }) => trial));
  const notRun = planned.filter((trial) => !accountedFor.has(trial));
  return {
    version: 2,
    campaign,
    name,
    outcome,
    ...conclude(parts, trials, notRun),
    definition,
    trials,
    notCounted,
    ...(parts.concluded === undefined ? {} : { concluded: parts.concluded }),
    ...(pruned.length === 0 ? {} : { pruned }),
    notRun,
    groups: groupsOf(trials, definition),
    comparisons: compareWithGolden(trials, definition.bootstrapSeed),
    drift: driftOfGolden(trials),
    sensitivity: sensitivityOf(trials, definition),
  };
}

/** A golden run is not compared with itself. */
function againstGolden(trials: readonly TrialMeasures[], definition: Definition): TrialMeasures[] {
  const golden = trials.filter(({ fault, valid }) => fault === undefined && valid);
  return trials.map((trial) => {
    const others = golden.flatMap(({ trial: id, service }) =>
      service === undefined || id === trial.trial ? [] : [service],
    );
    const found = degradationOf(trial.service, others, definition.tolerance);
    const known = { ...trial, degradation: found, infrastructure: harmedAs(trial, found) };
    const came = outcomeOfFault(known);
    return came === undefined ? known : { ...known, outcomeOfFault: came };
  });
}

/** Whether the fault harmed the service is known only beside the golden runs. */
function harmedAs({ infrastructure, service }: TrialMeasures, found: Degradation): TrialInfrastructure {
  const { response } = infrastructure;
  if (response === undefined) return infrastructure;
  return { ...infrastructure, response: { ...response, harmed: isHarmed(service, found) } };
}

function conclude(
  { outcome, outcomeReason }: CampaignParts,
  trials: readonly TrialMeasures[],
  notRun: readonly string[],
): { verdict: Verdict; reasons: string[] } {
  const reasons = trials
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ trial, verdict, reasons }) => `${trial}: ${verdict}: ${reasons.join('; ')}`);
  const because = outcomeReason === undefined ? '' : `: ${outcomeReason}`;
  if (outcome === 'unknown') reasons.push('the campaign has not ended');
  else if (outcome !== 'completed') reasons.push(`the campaign was ${outcome}${because}`);
  if (notRun.length > 0)
    reasons.push(`${notRun.length} of ${notRun.length + trials.length} trials were not run`);
  const isFailed = trials.some(({ verdict }) => verdict === 'fail');
  return { verdict: isFailed ? 'fail' : reasons.length > 0 ? 'unknown' : 'pass', reasons };
}
