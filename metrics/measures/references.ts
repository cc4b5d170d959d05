import type { Definition } from '../../campaign/definition.ts';
import { faultTitle } from '../../campaign/fault-title.ts';
import { compareText } from './canonical.ts';
import type { OutcomeCounts } from './comparison-measures.ts';
import { infrastructureOf } from './infrastructure-group.ts';
import type { Exceeding, FaultFacts, GroupMeasures, Percentile, TrialMeasures } from './measures.ts';
import { outcomeClasses } from './outcome-class.ts';
import { proportion } from './proportion.ts';
import { spreadsOf } from './spread.ts';
import { timeToRecovery } from './time-to-recovery.ts';

type By = GroupMeasures['by'];

/** Every group that the trials fall into. A trial whose fault has several targets is in the group of each. */
export function groupsOf(trials: readonly TrialMeasures[], definition: Definition): GroupMeasures[] {
  const faulty = trials.filter(({ fault }) => fault !== undefined);
  const golden = trials.filter(({ fault }) => fault === undefined);
  const single = (by: By, members: readonly TrialMeasures[]): GroupMeasures[] =>
    members.length === 0 ? [] : [measureGroup(by, by, members, definition)];
  const each = (by: By, keysOf: (trial: TrialMeasures) => readonly string[]): GroupMeasures[] =>
    [...new Set(faulty.flatMap(keysOf))].sort(compareText).map((key) =>
      measureGroup(
        by,
        key,
        faulty.filter((trial) => keysOf(trial).includes(key)),
        definition,
      ),
    );
  return [
    ...single('all', faulty),
    ...single('golden', golden),
    ...each('cell', ({ fault }) => (fault === undefined ? [] : [fault.cell])),
    ...each('layer', ({ fault }) => (fault === undefined ? [] : [fault.layer])),
    ...each('root-cause', ({ fault }) => (fault === undefined ? [] : [fault.rootCause])),
    ...each('target', ({ fault }) => targetsOf(fault)),
    ...each('intensity', ({ fault }) => (fault?.intensity === undefined ? [] : [faultTitle(fault)])),
  ];
}

/** A combination is not among the trials of one of its targets. */
function targetsOf(fault: FaultFacts | undefined): readonly string[] {
  if (fault === undefined) return [];
  return fault.faults === undefined ? fault.targets : [fault.targets.join(' + ')];
}

function measureGroup(
  by: By,
  name: string,
  trials: readonly TrialMeasures[],
  definition: Definition,
): GroupMeasures {
  const valid = trials.filter((trial) => trial.valid);
  const outages = valid.flatMap(({ service, fault }) =>
    service === undefined ? [] : [{ ...service.unavailability, weight: fault?.weight ?? 1 }],
  );
  const finite = outages.filter(({ recovered }) => recovered);
  const weights = finite.reduce((sum, { weight }) => sum + weight, 0);
  const throughputs = valid
    .map(({ service }) => service?.after.throughputPerS ?? 'unknown')
    .filter((found) => found !== 'unknown');
  return {
    by,
    name,
    trials: trials.length,
    valid: valid.length,
    exceeding: exceeding(valid, definition),
    maxL50Us: largest(valid.map(({ service }) => service?.after.latency.l50Us ?? 'unknown')),
    maxL90Us: largest(valid.map(({ service }) => service?.after.latency.l90Us ?? 'unknown')),
    minThroughputPerS: throughputs.length === 0 ? 'unknown' : Math.min(...throughputs),
    notRecovered: proportion(outages.map(({ recovered, weight }) => ({ holds: !recovered, weight }))),
    maxUnavailabilityUs: finite.length === 0 ? 'unknown' : Math.max(...finite.map(({ us }) => us)),
    meanUnavailabilityUs:
      finite.length === 0 ? 'unknown' : finite.reduce((sum, { us }) => sum + us, 0) / finite.length,
    weightedMeanUnavailabilityUs:
      weights > 0 ? finite.reduce((sum, { us, weight }) => sum + us * weight, 0) / weights : 'unknown',
    degraded: proportion(
      valid.flatMap(({ degradation: { degraded }, fault }) =>
        degraded === 'unknown' ? [] : [{ holds: degraded, weight: fault?.weight ?? 1 }],
      ),
    ),
    limits: definition.unavailability.limitsUs.map((limitUs) => ({
      limitUs,
      above: proportion(
        outages.map(({ us, recovered, weight }) => ({ holds: !recovered || us > limitUs, weight })),
      ),
    })),
    outcomes: outcomesOf(trials),
    spreads: spreadsOf(valid),
    timeToRecovery: timeToRecovery(valid, definition.bootstrapSeed),
    infrastructure: infrastructureOf(valid),
  };
}

function outcomesOf(trials: readonly TrialMeasures[]): OutcomeCounts {
  return Object.fromEntries(
    outcomeClasses.flatMap((one) => {
      const count = trials.filter(({ outcomeOfFault }) => outcomeOfFault?.is === one).length;
      return count === 0 ? [] : [[one, count]];
    }),
  );
}

/** How many of the trials fail each demand; a trial of which the measure is not known is in neither number. */
function exceeding(valid: readonly TrialMeasures[], { slo }: Definition): Exceeding[] {
  const demands = [
    { measure: 'l50', demanded: slo.l50Us },
    { measure: 'l90', demanded: slo.l90Us },
    { measure: 'throughput', demanded: slo.throughputPerS },
    { measure: 'unavailability', demanded: slo.unavailabilityUs },
  ] as const;
  return demands.flatMap(({ measure, demanded }) => {
    if (demanded === undefined) return [];
    const cases = valid.flatMap(({ judgements, fault }) =>
      judgements
        .filter((judgement) => judgement.measure === measure && judgement.verdict !== 'unknown')
        .map(({ verdict }) => ({ holds: verdict === 'fail', weight: fault?.weight ?? 1 })),
    );
    return [{ measure, demanded, trials: proportion(cases) }];
  });
}

function largest(percentiles: readonly Percentile[]): Percentile {
  if (percentiles.includes('failed')) return 'failed';
  const known = percentiles.filter((percentile) => typeof percentile === 'number');
  return known.length === 0 ? 'unknown' : Math.max(...known);
}
