import { goldenRuns, type AbortConditions } from '../../campaign/abort-condition.ts';
import { faultTitle } from '../../campaign/fault-title.ts';
import type { TrialRecord } from '../state/records.ts';

/**
 * Which abort condition the trials that have ended have met, as a reason for people; undefined where none. It rests on nothing but their
 * records, so that a controller that is started again decides as the one before it would have.
 */
export function breachOf(
  { canary, budget }: AbortConditions,
  trials: readonly TrialRecord[],
): string | undefined {
  const ended = trials.filter(({ phase }) => phase === 'ended');
  const having = (wanted: TrialRecord['verdict']): readonly TrialRecord[] =>
    ended.filter(({ verdict = 'unknown' }) => verdict === wanted);
  const bird = having('fail').find((trial) => canary.includes(calledOf(trial)));
  if (bird !== undefined) {
    const { plan, reasons = [] } = bird;
    return `the canary ${plan.id} (${faultTitle(plan.combination ?? plan.fault)}) misses the SLO: ${reasons.join('; ')}`;
  }
  return (
    overspent(having('fail').length, budget.fail, 'miss the SLO') ??
    overspent(having('unknown').length, budget.unknown, 'are without a verdict')
  );
}

function overspent(found: number, allowed: number | undefined, how: string): string | undefined {
  if (allowed === undefined || found <= allowed) return undefined;
  return `more trials ${how} than the budget of ${allowed} allows: ${found}`;
}

function calledOf({ plan }: TrialRecord): string {
  return plan.combination?.name ?? plan.fault?.name ?? goldenRuns;
}
