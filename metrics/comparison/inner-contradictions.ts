import { contradictions, type Statement } from '../measures/contradictions.ts';
import { isPublished, type AggregateLatency, type Aggregates, type CellAggregate } from './aggregates.ts';

/** Of what two records of one source say numbers that cannot both be right. */
export type Quantity = 'detected' | 'recovered' | 'recovered by the management';

export interface InnerContradiction {
  readonly quantity: Quantity;
  readonly row: string;
  readonly statements: readonly Statement[];
}

/** Everything in which the counts of a source and its latencies contradict each other, or these themselves. */
export function innerContradictions(aggregates: Aggregates): InnerContradiction[] {
  return quantities.flatMap((quantity) =>
    contradictions(statementsOf(aggregates, quantity)).map((found) => ({ quantity, ...found })),
  );
}

const quantities: readonly Quantity[] = ['detected', 'recovered', 'recovered by the management'];

function statementsOf({ cells, records }: Aggregates, quantity: Quantity): Statement[] {
  return cells.flatMap((one) => {
    const counted = countedOf(one, quantity);
    const say = (record: string, bounds: Bounds | undefined): Statement[] =>
      bounds === undefined ? [] : [{ record, row: one.cell, ...bounds }];
    return [
      ...say(records.counts, counted === undefined ? undefined : { atLeast: counted, atMost: counted }),
      ...say(`${records.latencies}, detection`, impliedByDetection(one, quantity)),
      ...say(`${records.latencies}, recovery`, impliedByRecovery(one, quantity)),
    ];
  });
}

function countedOf(one: CellAggregate, quantity: Quantity): number | undefined {
  if (quantity === 'detected') return one.detected;
  if (quantity === 'recovered by the management') return one.byManagement;
  const { byManagement, byNode } = one;
  return byManagement === undefined || byNode === undefined ? undefined : byManagement + byNode;
}

interface Bounds {
  readonly atLeast: number;
  readonly atMost: number;
}

const noneOf: Bounds = { atLeast: 0, atMost: 0 };

function impliedByDetection(
  { detectionLatency, trials }: CellAggregate,
  quantity: Quantity,
): Bounds | undefined {
  if (quantity !== 'detected' || detectionLatency === undefined) return undefined;
  return isPublished(detectionLatency) ? { atLeast: 1, atMost: trials } : noneOf;
}

/** Only what was detected is recovered. */
function impliedByRecovery(
  { recoveryLatency, trials }: CellAggregate,
  quantity: Quantity,
): Bounds | undefined {
  if (recoveryLatency === undefined) return undefined;
  const some = { atLeast: 1, atMost: trials };
  const isLocal = hasMark(recoveryLatency, 'local recovery');
  const isUndetected = hasMark(recoveryLatency, 'no detection') || hasMark(recoveryLatency, 'not detected');
  if (quantity === 'detected') {
    if (isUndetected) return noneOf;
    return hasMark(recoveryLatency, 'no recovery') ? undefined : some;
  }
  if (quantity === 'recovered by the management') return isPublished(recoveryLatency) ? undefined : noneOf;
  if (isLocal) return some;
  if (!isPublished(recoveryLatency)) return noneOf;
  return recoveryLatency.isPartial ? { atLeast: 1, atMost: trials - 1 } : some;
}

function hasMark(latency: AggregateLatency, mark: string): boolean {
  return 'mark' in latency && latency.mark === mark;
}
