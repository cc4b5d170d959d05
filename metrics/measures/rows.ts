import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Origin } from '../../events/event.ts';
import { outcomes, type SampleColumns } from '../../events/sample-columns.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { canonicalBatches, compareText } from './canonical.ts';
import { picked } from './picked.ts';

/** The requests of an attempt, column by column: an object each would take most of the time and memory of a large campaign. The instants are of the host that sent them. */
export interface Rows extends SampleColumns {
  /** Of each row, which of `origins` sent it; `requestClass` is an index into `classes`. */
  readonly origin: Uint16Array;
  readonly origins: readonly Origin[];
  readonly classes: readonly string[];
}

/** Every row of the batches, in an order that depends on nothing but the rows: by host, then by every column from the left. */
export function canonicalRows(batches: readonly SampleBatch[]): Rows {
  const rows = joined(canonicalBatches(batches));
  const compared = comparison(rows);
  for (let index = 1; index < rows.intendedUs.length; index += 1)
    if (compared(index - 1, index) > 0) return sorted(rows, compared);
  return rows;
}

function joined(batches: readonly SampleBatch[]): Rows {
  const count = batches.reduce((sum, { columns }) => sum + columns.intendedUs.length, 0);
  const classes = [...new Set(batches.flatMap(({ header }) => header.classes))].sort(compareText);
  const origins: Origin[] = [];
  const rows = { ...emptyRows(count), origins, classes };
  let at = 0;
  for (const batch of batches) {
    const { header, columns } = batch;
    const next = at + columns.intendedUs.length;
    rows.intendedUs.set(columns.intendedUs, at);
    rows.sentUs.set(columns.sentUs, at);
    rows.answeredUs.set(columns.answeredUs, at);
    rows.outcome.set(columns.outcome, at);
    rows.requestClass.set(classesOf(batch, classes), at);
    rows.origin.fill(placeOf(header, origins), at, next);
    at = next;
  }
  return rows;
}

function emptyRows(count: number): SampleColumns & Pick<Rows, 'origin'> {
  return {
    intendedUs: new Float64Array(count),
    sentUs: new Float64Array(count),
    answeredUs: new Float64Array(count),
    requestClass: new Uint16Array(count),
    outcome: new Uint8Array(count),
    origin: new Uint16Array(count),
  };
}

/** Of each row of a batch, which of all classes it is of. */
function classesOf({ header, columns }: SampleBatch, classes: readonly string[]): Uint16Array {
  const places = header.classes.map((name) => classes.indexOf(name));
  return columns.requestClass.map((own, row) => {
    const place = places[own];
    if (place !== undefined && (columns.outcome[row] ?? outcomes.length) < outcomes.length) return place;
    throw new OrdealError(
      'DAMAGED_RUN',
      `row ${row} of the batch ${header.seq} of ${header.producer} has a class or an outcome that there is not`,
    );
  });
}

function placeOf({ host, boot }: Origin, origins: Origin[]): number {
  const place = origins.findIndex((other) => other.host === host && other.boot === boot);
  return place === -1 ? origins.push(boot === undefined ? { host } : { host, boot }) - 1 : place;
}

/** Of two rows by their indices. The classes are in the order of their names already. */
function comparison(rows: Rows): (a: number, b: number) => number {
  const { origins, origin, intendedUs, sentUs, answeredUs, requestClass, outcome } = rows;
  const hosts = ranksOf(origins.map(({ host }) => host));
  const outcomeRanks = ranksOf(outcomes);
  const by = (column: ArrayLike<number>, a: number, b: number): number => (column[a] ?? 0) - (column[b] ?? 0);
  return (a, b) =>
    by(hosts, origin[a] ?? 0, origin[b] ?? 0) ||
    by(intendedUs, a, b) ||
    by(sentUs, a, b) ||
    by(answeredUs, a, b) ||
    by(requestClass, a, b) ||
    by(outcomeRanks, outcome[a] ?? 0, outcome[b] ?? 0);
}

function ranksOf(names: readonly string[]): number[] {
  const inOrder = [...new Set(names)].sort(compareText);
  return names.map((name) => inOrder.indexOf(name));
}

function sorted(rows: Rows, compared: (a: number, b: number) => number): Rows {
  const order = Uint32Array.from(rows.intendedUs.keys()).sort((a, b) => compared(a, b) || a - b);
  return {
    ...rows,
    intendedUs: picked(rows.intendedUs, order),
    sentUs: picked(rows.sentUs, order),
    answeredUs: picked(rows.answeredUs, order),
    requestClass: picked(rows.requestClass, order),
    outcome: picked(rows.outcome, order),
    origin: picked(rows.origin, order),
  };
}
