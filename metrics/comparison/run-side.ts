import type { FaultResponse, Latency } from '../measures/infrastructure-measures.ts';
import type { Maybe } from '../measures/maybe.ts';
import type { Measures, Percentile, TrialMeasures, WindowMeasures } from '../measures/measures.ts';
import type { Share } from '../measures/statistics/fisher.ts';
import type { ShareMeasure, ValueMeasure } from './measure.ts';
import { type Average, type Condition, goldenRow, type Side, type SideRow } from './side.ts';

type Values = Partial<Record<ValueMeasure, readonly number[]>>;

/** The valid trials of a saved run, by cell. */
export function runSide(measures: Measures, conditions: readonly Condition[]): Side {
  const { name, campaign, trials } = measures;
  const cells = new Map<string, TrialMeasures[]>();
  for (const trial of trials) {
    if (trial.fault === undefined) continue;
    cells.set(trial.fault.cell, [...(cells.get(trial.fault.cell) ?? []), trial]);
  }
  const golden = trials.filter(({ fault }) => fault === undefined);
  const inOrder = [...cells].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    name,
    kind: 'saved run',
    source: campaign,
    conditions,
    rows: [
      ...(golden.length === 0 ? [] : [goldenRowOf(golden), ...classRowsOf(golden)]),
      ...inOrder.map(([cell, own]) => rowOf(cell, own)),
    ],
    contradictions: [],
    printed: {},
  };
}

function goldenRowOf(trials: readonly TrialMeasures[]): SideRow {
  const valid = trials.filter((trial) => trial.valid);
  return madeRow({ name: goldenRow, trials: trials.length, shares: {}, values: serviceValues(valid) });
}

/** Each class of requests by itself, where there is more than one. */
function classRowsOf(trials: readonly TrialMeasures[]): SideRow[] {
  const valid = trials.filter((trial) => trial.valid);
  const classes = new Set(
    valid.flatMap(({ service }) => service?.classes.map(({ requestClass }) => requestClass) ?? []),
  );
  return [...classes].sort().map((name) =>
    madeRow({
      name: `${goldenRow}: ${name}`,
      trials: trials.length,
      shares: {},
      values: windowValues(
        valid.flatMap(
          ({ service }) => service?.classes.find(({ requestClass }) => requestClass === name)?.after ?? [],
        ),
      ),
    }),
  );
}

function rowOf(cell: string, trials: readonly TrialMeasures[]): SideRow {
  const valid = trials.filter((trial) => trial.valid);
  const responses = valid.flatMap(({ infrastructure: { response } }) => response ?? []);
  const detected = responses.filter((response) => response.detected === true);
  const recovered = detected.filter((response) => response.recovered === true);
  const { values, averages } = latencies(responses, detected, recovered);
  const by = (whom: FaultResponse['by']): number => recovered.filter((one) => one.by === whom).length;
  const row = madeRow({
    name: cell,
    trials: trials.length,
    shares: withCases({
      'detection-coverage': shareOf(responses.map(isCovered)),
      detected: shareOf(responses.map((response) => response.detected)),
      'recovery-coverage': shareOf(detected.map((response) => response.recovered)),
      'recovered-by-record': shareOf(detected.map((response) => response.repaired)),
      degraded: shareOf(valid.map(({ degradation }) => degradation.degraded)),
      'not-back': shareOf(valid.map(({ service }) => isNotBack(service))),
    }),
    values: { ...serviceValues(valid), ...values },
  });
  return {
    ...row,
    averages: { ...row.averages, ...averages },
    by: { management: by('management'), node: by('node') },
  };
}

/** A fault that nobody detected and that nobody felt was tolerated: it says nothing about detection. */
function isCovered({ detected, harmed }: FaultResponse): Maybe | undefined {
  if (detected !== false) return detected;
  return harmed === false ? undefined : harmed === true ? false : 'unknown';
}

function isNotBack(service: TrialMeasures['service']): Maybe {
  return service === undefined ? 'unknown' : !service.unavailability.recovered;
}

/** What is not known is in neither number. */
function shareOf(cases: readonly (Maybe | undefined)[]): Share {
  const known = cases.filter((holds) => typeof holds === 'boolean');
  return { k: known.filter((holds) => holds).length, n: known.length };
}

function withCases(shares: Readonly<Record<ShareMeasure, Share>>): Partial<Record<ShareMeasure, Share>> {
  return Object.fromEntries(Object.entries(shares).filter(([, { n }]) => n > 0));
}

function serviceValues(valid: readonly TrialMeasures[]): Values {
  const services = valid.flatMap(({ service }) => service ?? []);
  return {
    unavailability: services.map(({ unavailability: { us, recovered } }) => (recovered ? us : Infinity)),
    ...windowValues(services.map(({ after }) => after)),
  };
}

function windowValues(windows: readonly WindowMeasures[]): Values {
  const known = (of: (window: WindowMeasures) => Percentile): number[] =>
    windows.flatMap((window) => {
      const found = of(window);
      return found === 'unknown' ? [] : [found === 'failed' ? Infinity : found];
    });
  return {
    l50: known(({ latency }) => latency.l50Us),
    l90: known(({ latency }) => latency.l90Us),
    throughput: known(({ throughputPerS }) => throughputPerS),
  };
}

/** A bound stands for itself, as in the measures of the run. */
function latencies(
  responses: readonly FaultResponse[],
  detected: readonly FaultResponse[],
  recovered: readonly FaultResponse[],
): { values: Values; averages: SideRow['averages'] } {
  const known = (some: readonly (Latency | undefined)[]): number[] =>
    some.flatMap((latency) => latency?.us ?? []);
  const detection = known(detected.map(({ latencyFromInjection }) => latencyFromInjection));
  const recovery = known(recovered.map(({ recoveryLatency }) => recoveryLatency));
  const averages: Partial<Record<ValueMeasure, Average>> = {};
  if (detection.length > 0)
    averages['detection-latency'] = meanOf(detection, detection.length < responses.length);
  else if (responses.some((response) => response.detected === false))
    averages['detection-latency'] = { mark: 'no detection' };
  if (recovery.length > 0) averages['recovery-latency'] = meanOf(recovery, recovery.length < detected.length);
  return { values: { 'detection-latency': detection, 'recovery-latency': recovery }, averages };
}

function meanOf(values: readonly number[], isPartial: boolean): Average {
  return { value: values.reduce((sum, value) => sum + value, 0) / values.length, of: 'mean', isPartial };
}

/** With the mean of what is finite in all trials. */
function madeRow(row: Omit<SideRow, 'averages'>): SideRow {
  const there = Object.entries(row.values).filter(([, values]) => values.length > 0);
  const finite = there.filter(([, values]) => values.every(Number.isFinite));
  return {
    ...row,
    values: Object.fromEntries(there),
    averages: Object.fromEntries(finite.map(([measure, values]) => [measure, meanOf(values, false)])),
  };
}
