import type { AggregateLatency, Aggregates, CellAggregate, GoldenAggregate } from './aggregates.ts';
import { innerContradictions } from './inner-contradictions.ts';
import { type Average, goldenRow, type Side, type SideRow } from './side.ts';

/** Aggregates know counts and averages; how many an undetected fault did harm to, they do not know. */
export function aggregatesSide(aggregates: Aggregates): Side {
  const { name, source, setting, golden, cells, averages } = aggregates;
  const { detectionLatencyUs, recoveryLatencyUs } = averages;
  return {
    name,
    kind: 'aggregates',
    source,
    conditions: Object.entries(setting).map(([what, said]) => ({ what, said })),
    rows: [...golden.map(goldenRowOf), ...cells.map(rowOf)],
    contradictions: innerContradictions(aggregates),
    printed: {
      ...(detectionLatencyUs === undefined ? {} : { 'detection-latency': detectionLatencyUs }),
      ...(recoveryLatencyUs === undefined ? {} : { 'recovery-latency': recoveryLatencyUs }),
    },
  };
}

function goldenRowOf({ requestClass, l50Us, l90Us, throughputPerS }: GoldenAggregate): SideRow {
  const mean = (value: number): Average => ({ value, of: 'mean', isPartial: false });
  return {
    name: `${goldenRow}: ${requestClass}`,
    trials: 0,
    shares: {},
    values: {},
    averages: {
      ...(l50Us === undefined ? {} : { l50: mean(l50Us) }),
      ...(l90Us === undefined ? {} : { l90: mean(l90Us) }),
      ...(throughputPerS === undefined ? {} : { throughput: mean(throughputPerS) }),
    },
  };
}

function rowOf(one: CellAggregate): SideRow {
  const { cell, trials, detected, byManagement, byNode, detectionLatency, recoveryLatency } = one;
  const isCounted = detected !== undefined && byManagement !== undefined && byNode !== undefined;
  return {
    name: cell,
    trials,
    shares: {
      ...(detected === undefined ? {} : { detected: { k: detected, n: trials } }),
      ...(isCounted ? { 'recovered-by-record': { k: byManagement + byNode, n: detected } } : {}),
    },
    values: {},
    averages: {
      ...(detectionLatency === undefined ? {} : { 'detection-latency': averageOf(detectionLatency) }),
      ...(recoveryLatency === undefined ? {} : { 'recovery-latency': averageOf(recoveryLatency) }),
    },
    ...(isCounted ? { by: { management: byManagement, node: byNode } } : {}),
  };
}

function averageOf(latency: AggregateLatency): Average {
  if ('mark' in latency) return latency;
  const { us, of, isPartial } = latency;
  return { value: us, of, isPartial };
}
