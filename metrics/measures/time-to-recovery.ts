import type { TimeToRecovery } from './infrastructure-measures.ts';
import type { TrialMeasures } from './measures.ts';
import { bootstrap } from './statistics/bootstrap.ts';
import { kaplanMeier, medianTime, restrictedMean, type Observation } from './statistics/kaplan-meier.ts';

/** From the injection to the final recovery of the service, of the valid trials of a group. One that did not recover was looked at until its end. */
export function timeToRecovery(valid: readonly TrialMeasures[], seed: number): TimeToRecovery {
  const looked = valid.flatMap(({ service, instants }) =>
    service === undefined || instants === undefined
      ? []
      : [{ untilUs: instants.endUs - instants.injectUs, finalUs: service.unavailability.finalRecoveryUs }],
  );
  const observations = looked.map(({ finalUs, untilUs }): Observation =>
    finalUs === 'never' ? { after: untilUs, came: false } : { after: finalUs, came: true },
  );
  const n = observations.length;
  if (n === 0) return nothing;
  const horizonUs = Math.min(...looked.map(({ untilUs }) => untilUs));
  const meanOf = (some: readonly Observation[]): number => restrictedMean(kaplanMeier(some), horizonUs);
  const steps = kaplanMeier(observations);
  return {
    n,
    recovered: observations.filter(({ came }) => came).length,
    curve: steps.map(({ at, waiting }) => ({ atUs: at, notYet: waiting })),
    median: medianTime(steps) ?? 'never',
    restrictedMean: { us: meanOf(observations), ...bootstrap(observations, meanOf, seed) },
    horizonUs,
  };
}

const nothing: TimeToRecovery = {
  n: 0,
  recovered: 0,
  curve: [],
  median: 'unknown',
  restrictedMean: 'unknown',
  horizonUs: 'unknown',
};
