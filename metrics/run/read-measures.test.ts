import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { encodeMeasures } from '../measures/encode.ts';
import { load, madeAttempt, second } from '../measures/made-attempt.example.ts';
import { measureSavedRun } from './measure-run.ts';
import { measuresOf } from './read-measures.ts';
import { RunWriter } from './run-writer.ts';
import { SavedRun } from './saved-run.ts';

function savedRun(context: TestContext): SavedRun {
  const directory = mkdtempSync(join(tmpdir(), 'ordeal-measures-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const { plan, definition, events, batches } = madeAttempt({ made: load(100 * second, 166 * second, 10) });
  const writer = new RunWriter(new SavedRun(directory));
  writer.event({
    producer: 'controller',
    incarnation: '0123abcd',
    seq: 0,
    campaign: 'made',
    host: 'controller',
    wallUs: 1,
    monoUs: 1,
    body: {
      kind: 'campaign.started',
      name: 'made',
      file: '',
      plan: z.json().parse(JSON.parse(JSON.stringify({ name: 'made', definition, trials: [plan] }))),
      provenance: {},
    },
  });
  for (const event of events) writer.event(event);
  for (const batch of batches) writer.samples(batch);
  return writer.run;
}

test('a run without measures is measured', async (context) => {
  const run = savedRun(context);
  assert.deepEqual(await measuresOf(run), await measureSavedRun(run));
});

test('measures that are there are taken as they are', async (context) => {
  const run = savedRun(context);
  const kept = { ...(await measureSavedRun(run)), name: 'by another file' };
  writeFileSync(run.measuresFile, encodeMeasures(kept));
  assert.equal((await measuresOf(run)).name, 'by another file');
});

test('measures of another version are computed again', async (context) => {
  const run = savedRun(context);
  const measures = await measureSavedRun(run);
  writeFileSync(run.measuresFile, JSON.stringify({ ...measures, version: 0, name: 'old' }));
  assert.deepEqual(await measuresOf(run), measures);
});

test('what does not hold measures is told with its file', async (context) => {
  const run = savedRun(context);
  writeFileSync(run.measuresFile, '{"version":1}');
  await assert.rejects(measuresOf(run), {
    code: 'DAMAGED_RUN',
    message: /measures\.json does not hold measures/,
  });
});
