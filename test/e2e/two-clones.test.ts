import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { importRun } from '../../metrics/import/import-run.ts';

const root = join(import.meta.dirname, '../..');

const description = `version: 1
name: vendor
requests: requests.csv
events: events.ndjson
timeout: 1s
clockError: 1ms
trials: [{ id: t001 }, { id: t002, fault: { name: kill, cell: virtual.cpu.unavailability, mechanism: kill, targets: [host-1/container/web] } }]
slo: { latency: { p50: 1ms }, unavailability: 1s }
`;

const trials = ['t001', 't002'];
const requests = trials.flatMap((trial) =>
  Array.from({ length: 310 }, (_, tenth) => {
    const isLost = trial === 't002' && tenth >= 100 && tenth < 160;
    return `${trial},${tenth * 1e5},${tenth * 1e5 + (isLost ? 1e6 : 2_000 + (tenth % 7) * 100)},${isLost ? 'timeout' : 'ok'}`;
  }),
);
const instants = [
  ['started', 0],
  ['injected', 10e6],
  ['removed', 20e6],
  ['ended', 30e6],
] as const;
const events = trials.flatMap((trial) =>
  instants.map(([kind, atUs]) =>
    JSON.stringify({ trial, kind, atUs, ...(kind === 'removed' ? { effects: 3, clean: true } : {}) }),
  ),
);

test('a saved run is measured to the same bytes, measures and report, in two clones and two folders', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ordeal-clones-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const files = {
    'vendor.yaml': description,
    'requests.csv': ['trial,intendedUs,answeredUs,outcome', ...requests].join('\n'),
    'events.ndjson': events.join('\n'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const clone = join(folder, 'clone');
  for (const part of ['dist', 'proto', 'package.json'])
    cpSync(join(root, part), join(clone, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const here = (await importRun(join(folder, 'vendor.yaml'), join(folder, 'made'))).run.directory;
  const there = join(folder, 'elsewhere', 'made');
  cpSync(here, there, { recursive: true });

  const measure = (checkout: string, run: string): Buffer[] => {
    const main = join(checkout, 'dist/cli/main.js');
    // The SLO is not met: exit code 1.
    assert.throws(
      () => execFileSync(process.execPath, [main, 'measure', run], { cwd: checkout, stdio: 'pipe' }),
      (error) => (error as { status?: number }).status === 1,
    );
    return ['measures.json', 'report.html'].map((name) => readFileSync(join(run, name)));
  };
  const first = measure(root, here);
  assert.ok(first.every((bytes) => bytes.length > 1000));
  assert.deepEqual(measure(root, here), first, 'again');
  assert.deepEqual(measure(clone, there), first, 'in the other clone');
});
