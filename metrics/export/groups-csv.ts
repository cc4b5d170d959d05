import type { Estimate, LatencySummary } from '../measures/infrastructure-measures.ts';
import type { GroupMeasures, Proportion } from '../measures/measures.ts';
import { csvText } from './csv-text.ts';

interface Line {
  readonly by: string;
  readonly group: string;
  readonly measure: string;
  /** Of shares, how many hold, of how many. */
  readonly k?: number;
  readonly n?: number;
  readonly value: number | string;
  readonly low?: number;
  readonly high?: number;
}

/** The measures of every group, one line each; microseconds and requests a second, shares from 0 to 1. */
export function groupsCsv(groups: readonly GroupMeasures[]): string {
  return csvText(
    [
      { title: 'by', cell: ({ by }: Line) => by },
      { title: 'group', cell: ({ group }) => group },
      { title: 'measure', cell: ({ measure }) => measure },
      { title: 'k', cell: ({ k }) => k },
      { title: 'n', cell: ({ n }) => n },
      { title: 'value', cell: ({ value }) => value },
      { title: 'low', cell: ({ low }) => low },
      { title: 'high', cell: ({ high }) => high },
    ],
    groups.flatMap(linesOf),
  );
}

type Told = Omit<Line, 'by' | 'group'>;

function linesOf(group: GroupMeasures): Line[] {
  const { by, name, infrastructure, timeToRecovery } = group;
  const { detection, recovery } = infrastructure;
  const told: Told[] = [
    { measure: 'trials', value: group.trials },
    { measure: 'valid', value: group.valid },
    { measure: 'maxL50Us', value: group.maxL50Us },
    { measure: 'maxL90Us', value: group.maxL90Us },
    { measure: 'minThroughputPerS', value: group.minThroughputPerS },
    { measure: 'maxUnavailabilityUs', value: group.maxUnavailabilityUs },
    { measure: 'meanUnavailabilityUs', value: group.meanUnavailabilityUs },
    { measure: 'weightedMeanUnavailabilityUs', value: group.weightedMeanUnavailabilityUs },
    share('notRecovered', group.notRecovered),
    share('degraded', group.degraded),
    ...group.exceeding.map(({ measure, trials }) => share(`exceeding.${measure}`, trials)),
    ...group.limits.map(({ limitUs, above }) => share(`interruptedLongerThan.${limitUs}Us`, above)),
    ...estimate('timeToRecovery.restrictedMeanUs', timeToRecovery.restrictedMean),
    { measure: 'timeToRecovery.medianUs', value: timeToRecovery.median },
    share('detectionCoverage', detection.coverage),
    share('detectedOfInjected', detection.ofInjected),
    ...summary('detectionFromEffect', detection.latencyFromEffect),
    ...summary('detectionFromInjection', detection.latencyFromInjection),
    share('recoveryCoverage', recovery.coverage),
    share('recoveredByRecord', recovery.recordOnly),
    { measure: 'recoveredByManagement', value: recovery.byManagement },
    { measure: 'recoveredByNode', value: recovery.byNode },
    { measure: 'healedOnRemoval', value: recovery.healedOnRemoval },
    ...summary('recovery', recovery.latency),
    { measure: 'falsePositives', value: infrastructure.falsePositives },
    { measure: 'wrongComponents', value: infrastructure.wrongComponents },
  ];
  return told.map((line) => ({ by, group: name, ...line }));
}

function share(measure: string, { k, n, share: value, low, high }: Proportion): Told {
  return { measure, k, n, value, low, high };
}

function summary(measure: string, { n, median, p90, maxUs }: LatencySummary): Told[] {
  return [
    ...estimate(`${measure}.medianUs`, median, n),
    ...estimate(`${measure}.p90Us`, p90, n),
    { measure: `${measure}.maxUs`, n, value: maxUs },
  ];
}

function estimate(measure: string, found: Estimate, n?: number): Told[] {
  const of = n === undefined ? {} : { n };
  if (found === 'unknown') return [{ measure, ...of, value: found }];
  return [{ measure, ...of, value: found.us, low: found.low, high: found.high }];
}
