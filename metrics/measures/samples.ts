import { createHash } from 'node:crypto';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Origin } from '../../events/event.ts';
import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { canonicalBatches, compareText, isInOrder } from './canonical.ts';
import type { SampleProvenance } from './measures.ts';

/** One request. The instants are of the host that sent it. */
export interface Row extends Origin {
  readonly intendedUs: number;
  readonly sentUs: number;
  readonly answeredUs: number;
  readonly requestClass: string;
  readonly outcome: Outcome;
}

/** Every row of the batches, in an order that depends on nothing but the rows: by host, then by every column from the left. */
export function canonicalRows(batches: readonly SampleBatch[]): Row[] {
  const rows = canonicalBatches(batches).flatMap(rowsOf);
  return isInOrder(rows, compareRows) ? rows : rows.sort(compareRows);
}

/** The digest is over one line a row: host, intended, sent, answered, class, outcome, with tabs between them. */
export function provenanceOf(rows: readonly Row[]): SampleProvenance {
  const hash = createHash('sha256');
  let text = '';
  for (const { host, intendedUs, sentUs, answeredUs, requestClass, outcome } of rows) {
    text += `${host}\t${intendedUs}\t${sentUs}\t${answeredUs}\t${requestClass}\t${outcome}\n`;
    if (text.length < hashedAtATime) continue;
    hash.update(text);
    text = '';
  }
  return { rows: rows.length, sha256: hash.update(text).digest('hex') };
}

/** In characters: each call costs more than a line does. */
const hashedAtATime = 65_536;

function compareRows(a: Row, b: Row): number {
  return (
    compareText(a.host, b.host) ||
    a.intendedUs - b.intendedUs ||
    a.sentUs - b.sentUs ||
    a.answeredUs - b.answeredUs ||
    compareText(a.requestClass, b.requestClass) ||
    compareText(a.outcome, b.outcome)
  );
}

function rowsOf({ header, columns }: SampleBatch): Row[] {
  const { host, boot } = header;
  const origin = boot === undefined ? { host } : { host, boot };
  const rows: Row[] = [];
  for (let index = 0; index < columns.intendedUs.length; index += 1) {
    const intendedUs = columns.intendedUs[index];
    const sentUs = columns.sentUs[index];
    const answeredUs = columns.answeredUs[index];
    const requestClass = header.classes[columns.requestClass[index] ?? -1];
    const outcome = outcomes[columns.outcome[index] ?? -1];
    const isWhole = intendedUs !== undefined && sentUs !== undefined && answeredUs !== undefined;
    if (!isWhole || requestClass === undefined || outcome === undefined) {
      throw new OrdealError(
        'DAMAGED_RUN',
        `row ${index} of the batch ${header.seq} of ${header.producer} has a class or an outcome that there is not`,
      );
    }
    rows.push({ ...origin, intendedUs, sentUs, answeredUs, requestClass, outcome });
  }
  return rows;
}
