import assert from 'node:assert/strict';
import { monotonicUs } from '../../clock/monotonic.ts';
import { type Outcome, outcomes } from '../../events/sample-columns.ts';
import { driverOf } from '../../workload/catalogue.ts';
import { type Launch, launchDriver } from '../../workload/launch.ts';

export const http = driverOf('http');
/** A driver needs about half a second to start from source, and more on a busy machine. */
export const aheadUs = 2_000_000;

export interface Row {
  readonly intendedUs: number;
  readonly sentUs: number;
  readonly answeredUs: number;
  readonly name: string;
  readonly outcome: Outcome;
}

export interface Loaded {
  readonly rows: Row[];
  readonly reported: number;
  readonly version: string;
  readonly startUs: number;
}

/** Runs the load to its end, with its rows in the order of the intended sends. */
export async function load(options: object, changes: Partial<Launch> = {}): Promise<Loaded> {
  const rows: Row[] = [];
  const startUs = monotonicUs() + aheadUs;
  const { rows: reported, version } = await launchDriver({
    driver: http,
    // What is not about timeouts has none on a busy machine either.
    options: http.options.parse({ timeout: '30s', ...options }),
    startUs,
    durationUs: 1_000_000,
    seed: 1,
    onFrame: (classes, columns) => {
      for (const [row, intendedUs] of columns.intendedUs.entries()) {
        const outcome = outcomes[columns.outcome[row] ?? -1];
        const name = classes[columns.requestClass[row] ?? -1];
        const [sentUs, answeredUs] = [columns.sentUs[row], columns.answeredUs[row]];
        assert.ok(outcome !== undefined && name !== undefined);
        assert.ok(sentUs !== undefined && answeredUs !== undefined);
        assert.ok(row === 0 || intendedUs >= (columns.intendedUs[row - 1] ?? 0), 'in order within a frame');
        rows.push({ intendedUs, sentUs, answeredUs, name, outcome });
      }
    },
    ...changes,
  });
  rows.sort((a, b) => a.intendedUs - b.intendedUs);
  return { rows, reported, version, startUs };
}

export function count(rows: readonly Row[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
