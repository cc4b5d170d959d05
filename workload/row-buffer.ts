import { outcomes, type Outcome, type SampleColumns } from '../events/sample-columns.ts';

interface Row {
  readonly intendedUs: number;
  readonly sentUs: number;
  readonly answeredUs: number;
  readonly requestClass: number;
  readonly outcome: Outcome;
}

/** The rows whose outcome is known, until they are handed over. */
export class RowBuffer {
  #rows: Row[] = [];

  add(intendedUs: number, sentUs: number, answeredUs: number, requestClass: number, outcome: Outcome): void {
    this.#rows.push({ intendedUs, sentUs, answeredUs, requestClass, outcome });
  }

  /** In the order of the intended sends; undefined where there are none. */
  take(): SampleColumns | undefined {
    const rows = this.#rows;
    if (rows.length === 0) return undefined;
    this.#rows = [];
    rows.sort((a, b) => a.intendedUs - b.intendedUs);
    return {
      intendedUs: Float64Array.from(rows, (row) => row.intendedUs),
      sentUs: Float64Array.from(rows, (row) => row.sentUs),
      answeredUs: Float64Array.from(rows, (row) => row.answeredUs),
      requestClass: Uint16Array.from(rows, (row) => row.requestClass),
      outcome: Uint8Array.from(rows, (row) => outcomes.indexOf(row.outcome)),
    };
  }
}
