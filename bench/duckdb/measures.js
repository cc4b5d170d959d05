// The same measures by DuckDB: reads the samples of a saved run, by their format alone (docs/saved-run.md), into a table, and asks by SQL. Nothing of Ordeal is imported.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOUBLE, DuckDBDataChunk, DuckDBInstance, INTEGER } from '@duckdb/node-api';
import { outages, windows } from './queries.js';

const [run = '', into = ''] = process.argv.slice(2);
/** What of the trials the measures are asked by: their instants, which are no measures themselves. */
const { trials } = JSON.parse(readFileSync(join(run, 'measures.json'), 'utf8'));
const rowsInChunk = 2048;

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const began = performance.now();
await connection.run(
  'CREATE TABLE t (trial INTEGER, start BIGINT, inject BIGINT, remove BIGINT, finish BIGINT)',
);
for (const [index, { instants }] of trials.entries()) {
  const { startUs, injectUs, removeUs, endUs } = instants;
  await connection.run(`INSERT INTO t VALUES (${index}, ${startUs}, ${injectUs}, ${removeUs}, ${endUs})`);
}
await connection.run(
  'CREATE TABLE s (trial INTEGER, due DOUBLE, sent DOUBLE, answered DOUBLE, failed INTEGER)',
);
const appender = await connection.createAppender('s');
const types = [INTEGER, DOUBLE, DOUBLE, DOUBLE, INTEGER];
let rows = 0;
for (const [index, { trial, attempt }] of trials.entries()) {
  for (const batch of batchesIn(readFileSync(join(run, 'samples', `${trial}-${attempt}.samples`)))) {
    for (let from = 0; from < batch.rows; from += rowsInChunk) {
      const columns = batch.columns.map((column) => Array.from(column.subarray(from, from + rowsInChunk)));
      const length = columns[0].length;
      const failed = columns[3].map((outcome) => (outcome === 0 ? 0 : 1));
      const chunk = DuckDBDataChunk.create(types, length);
      chunk.setColumns([new Array(length).fill(index), columns[0], columns[1], columns[2], failed]);
      appender.appendDataChunk(chunk);
      rows += length;
    }
  }
}
appender.flushSync();
appender.closeSync();
const loaded = performance.now();
const found = { windows: await ask(windows), outages: await ask(outages) };
const asked = performance.now();
writeFileSync(into, JSON.stringify({ trials: trials.map(({ trial }) => trial), ...found }));
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({
    rows,
    loadS: (loaded - began) / 1000,
    queryS: (asked - loaded) / 1000,
    processorS: (userCPUTime + systemCPUTime) / 1e6,
    peakMiB: maxRSS / 1024,
  }),
);

async function ask(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, value === null ? null : Number(value)]),
      ),
    );
}

function* batchesIn(bytes) {
  for (let at = 0; at < bytes.length;) {
    const headerEnd = at + 12 + bytes.readUInt32LE(at + 8);
    const { rows: count } = JSON.parse(bytes.toString('utf8', at + 12, headerEnd));
    const end = headerEnd + 27 * count;
    const body = new Uint8Array(bytes.subarray(headerEnd, end)).buffer;
    const instants = [0, 8, 16].map((offset) => new Float64Array(body, offset * count, count));
    yield { rows: count, columns: [...instants, new Uint8Array(body, 26 * count, count)] };
    at = end;
  }
}
