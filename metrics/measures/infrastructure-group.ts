import type {
  FaultResponse,
  GroupInfrastructure,
  Latency,
  LatencySummary,
} from './infrastructure-measures.ts';
import type { Maybe } from './maybe.ts';
import type { TrialMeasures } from './measures.ts';
import { proportion, type Case } from './proportion.ts';
import { percentile } from './statistics/nearest-rank.ts';
import { percentileInterval } from './statistics/percentile-interval.ts';

interface Judged {
  readonly response: FaultResponse;
  readonly weight: number;
}

/** What the infrastructure did in the valid trials of a group. */
export function infrastructureOf(valid: readonly TrialMeasures[]): GroupInfrastructure {
  const judged = valid.flatMap(({ infrastructure: { response }, fault }): Judged[] =>
    response === undefined ? [] : [{ response, weight: fault?.weight ?? 1 }],
  );
  const count = (of: (trial: TrialMeasures) => readonly unknown[]): number =>
    valid.reduce((sum, trial) => sum + of(trial).length, 0);
  return {
    detection: detectionOf(judged),
    recovery: recoveryOf(judged),
    falsePositives: count(({ infrastructure }) => infrastructure.falsePositives),
    wrongComponents: count(({ infrastructure }) => infrastructure.wrongComponents),
  };
}

function detectionOf(judged: readonly Judged[]): GroupInfrastructure['detection'] {
  // A fault that nobody detected and that nobody felt was tolerated: it says nothing about detection.
  const covered = casesOf(judged, ({ detected, harmed }) =>
    detected !== false ? detected : harmed === true ? false : harmed === false ? 'left out' : 'unknown',
  );
  const injected = casesOf(judged, ({ detected }) => detected);
  const detected = judged.filter(({ response }) => response.detected === true);
  const latencies = (of: (response: FaultResponse) => Latency | undefined): LatencySummary =>
    summary(detected.map(({ response }) => of(response)));
  return {
    coverage: proportion(covered.cases),
    ofInjected: proportion(injected.cases),
    latencyFromEffect: latencies(({ latencyFromEffect }) => latencyFromEffect),
    latencyFromInjection: latencies(({ latencyFromInjection }) => latencyFromInjection),
    unknown: covered.unknown,
  };
}

function recoveryOf(judged: readonly Judged[]): GroupInfrastructure['recovery'] {
  const detected = judged.filter(({ response }) => response.detected === true);
  const recovered = detected.filter(({ response }) => response.recovered === true);
  const covered = casesOf(detected, (response) => response.recovered);
  const by = (whom: 'node' | 'management'): number =>
    recovered.filter(({ response }) => response.by === whom).length;
  return {
    coverage: proportion(covered.cases),
    recordOnly: proportion(casesOf(detected, ({ repaired }) => repaired).cases),
    byNode: by('node'),
    byManagement: by('management'),
    healedOnRemoval: judged.filter(({ response }) => response.healedOnRemoval === true).length,
    latency: summary(recovered.map(({ response }) => response.recoveryLatency)),
    unknown: covered.unknown,
  };
}

function casesOf(
  judged: readonly Judged[],
  holdsIn: (response: FaultResponse) => Maybe | 'left out',
): { cases: Case[]; unknown: number } {
  const found = judged.map(({ response, weight }) => ({ holds: holdsIn(response), weight }));
  return {
    cases: found.flatMap(({ holds, weight }) => (typeof holds === 'boolean' ? [{ holds, weight }] : [])),
    unknown: found.filter(({ holds }) => holds === 'unknown').length,
  };
}

function summary(latencies: readonly (Latency | undefined)[]): LatencySummary {
  const known = latencies.filter((latency) => latency !== undefined);
  const values = known.map(({ us }) => us);
  const estimate = (percent: number): LatencySummary['median'] => {
    const us = percentile(values, percent);
    const interval = percentileInterval(values, percent);
    return us === undefined || interval === undefined ? 'unknown' : { us, ...interval };
  };
  return {
    n: known.length,
    bounds: known.filter(({ isBound }) => isBound).length,
    median: estimate(50),
    p90: estimate(90),
    maxUs: values.length === 0 ? 'unknown' : Math.max(...values),
  };
}
