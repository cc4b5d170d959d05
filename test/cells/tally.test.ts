import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CellResult } from './cell-result.ts';
import { cellsDocument } from './cells-document.ts';
import { isWhole, missingIn, tallyOf } from './tally.ts';
import { rows } from './rows.ts';

const words = { before: 'well', during: 'hit', after: 'well' };

function resultOf({ cell, on }: (typeof rows)[number], wrong: string[] = []): CellResult {
  const said = { target: 't', asked: 'a', achieved: 'b', victim: words, neighbour: words, withoutAgent: 'k' };
  const run = { day: '2026-11-29', commit: 'c0ffee', release: '6.1.0-57-amd64' };
  return { cell, on, mechanism: 'kernel-x', ...said, left: [], wrong, ...run };
}

function resultsOf(some: readonly CellResult[]) {
  return { proofs: Object.fromEntries(some.map((one, at) => [`${at}`, one])), placebos: {} };
}

test('the fault model has twelve cells on a host, and twelve on each of container and VM', () => {
  const counts = ['host', 'container', 'vm'].map((kind) => rows.filter(({ on }) => on === kind).length);
  assert.deepEqual(counts, [12, 12, 12]);
});

test('a row without a proof is missing, and nothing is whole without it', () => {
  const results = resultsOf(rows.slice(1).map((row) => resultOf(row)));
  assert.deepEqual(missingIn(results), [rows[0]]);
  assert.equal(isWhole(results, false), false);
  assert.equal(tallyOf(results), '35 of 36 rows hold; failing: 0, missing: 1');
  assert.match(
    cellsDocument({ '6.1': results }),
    /^\| physical\.cpu\.unavailability \| host \| \*\*missing\*\* \|/m,
  );
});

test('all rows with a proof that holds are whole; with one proof that does not, they are not', () => {
  const all = rows.map((row) => resultOf(row));
  assert.equal(isWhole(resultsOf(all), false), true);
  const [first] = rows;
  assert.ok(first);
  const more = resultsOf([...all, resultOf(first, ['the victim saw no effect'])]);
  assert.equal(isWhole(more, false), false);
  assert.equal(tallyOf(more), '35 of 36 rows hold; failing: 1, missing: 0');
});
