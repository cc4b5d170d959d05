import { createHash } from 'node:crypto';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Origin } from '../../events/event.ts';
import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { canonicalBatches, compareText } from './canonical.ts';
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
  return rows.sort(
    (a, b) =>
      compareText(a.host, b.host) ||
      a.intendedUs - b.intendedUs ||
      a.sentUs - b.sentUs ||
      a.answeredUs - b.answeredUs ||
      compareText(a.requestClass, b.requestClass) ||
      compareText(a.outcome, b.outcome),
  );
}

/** The digest is over one line a row: host, intended, sent, answered, class, outcome, with tabs between them. */
export function provenanceOf(rows: readonly Row[]): SampleProvenance {
  const hash = createHash('sha256');
  for (const row of rows) {
    const { host, intendedUs, sentUs, answeredUs, requestClass, outcome } = row;
    hash.update(`${[host, intendedUs, sentUs, answeredUs, requestClass, outcome].join('\t')}\n`);
  }
  return { rows: rows.length, sha256: hash.digest('hex') };
}

function rowsOf({ header, columns }: SampleBatch): Row[] {
  const { host, boot } = header;
  return Array.from(columns.intendedUs, (intendedUs, index) => {
    const sentUs = columns.sentUs[index];
    const answeredUs = columns.answeredUs[index];
    const requestClass = header.classes[columns.requestClass[index] ?? -1];
    const outcome = outcomes[columns.outcome[index] ?? -1];
    const isWhole = sentUs !== undefined && answeredUs !== undefined;
    if (!isWhole || requestClass === undefined || outcome === undefined) {
      throw new OrdealError(
        'DAMAGED_RUN',
        `row ${index} of the batch ${header.seq} of ${header.producer} has a class or an outcome that there is not`,
      );
    }
    return {
      host,
      ...(boot === undefined ? {} : { boot }),
      intendedUs,
      sentUs,
      answeredUs,
      requestClass,
      outcome,
    };
  });
}
