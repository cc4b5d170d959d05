import { cells } from '../../injectors/cell.ts';
import { writeRun } from '../../metrics/import/import-run.ts';
import type { RequestLine } from '../../metrics/import/request-lines.ts';
import { readRunDescription } from '../../metrics/import/run-description.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';
import { madeLines, madeRequests, second, timeoutUs, type Kind } from './made-requests.ts';

// Writes a saved run of so many trials, of made-up requests, into a folder that is given: each cell of the fault model on one target, over and over, with golden runs.

const [directory = '', trialsText = '', rowsText = ''] = process.argv.slice(2);
const rows = Number(rowsText);

interface Made {
  readonly id: string;
  readonly kind: Kind;
  readonly startUs: number;
  readonly entry: object;
}

const perBlock = cells.length + 1;
const trials = Array.from({ length: Number(trialsText) }, (_, index): Made => {
  const id = `t${String(index + 1).padStart(3, '0')}`;
  const repetition = Math.floor(index / perBlock) + 1;
  const cell = cells[(index % perBlock) - 1];
  const [, domain = '', kind = 'none'] = cell?.split('.') ?? [];
  const layer = cell?.startsWith('virtual.') === true ? 'container/web' : 'host/host-1';
  const fault = { name: `${domain}-${kind}`, cell, mechanism: 'made', targets: [`host-1/${layer}`] };
  return {
    id,
    kind: kind as Kind,
    startUs: (index + 1) * 400 * second,
    entry: { id, repetition, ...(cell === undefined ? {} : { fault }) },
  };
});

const description = {
  version: 1,
  name: 'made-up',
  requests: 'none.csv',
  events: 'none.ndjson',
  timeout: `${timeoutUs / second}s`,
  clockError: '1ms',
  load: { rate: '133/s' },
  watches: ['front'],
  trials: trials.map(({ entry }) => entry),
  slo: { latency: { p50: '150ms', p90: '250ms' }, unavailability: '30s' },
  rules: [
    { name: 'down', source: 'front', pattern: 'web is DOWN', means: 'detection', by: 'management' },
    { name: 'up', source: 'front', pattern: 'web is UP', means: 'recovery-done', by: 'management' },
  ],
};

function* requests(): Generator<RequestLine> {
  for (const { id, kind, startUs } of trials) yield* madeRequests(id, kind, rows, startUs);
}

// JSON is YAML.
const read = readRunDescription(Buffer.from(JSON.stringify(description, undefined, 1)), 'made-up.yaml');
const lines = new Map(trials.map(({ id, kind, startUs }) => [id, madeLines(id, kind, startUs)]));
const written = await writeRun(new SavedRun(directory), 'made-up', read, lines, requests());
process.stdout.write(String(written));
