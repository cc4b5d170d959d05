import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import type { Event, EventBody } from '../../events/event.ts';
import { encodeSamples, type SampleBatch } from '../../events/samples.ts';
import type { Measures } from '../measures/measures.ts';
import { SavedRun } from '../run/saved-run.ts';
import { renderSavedRun } from './render-run.ts';
import { exampleMeasures } from './report.example.ts';
import { exampleDefinition } from './setting.example.ts';

/** The host's clock is so much behind the reference clock. */
const offsetUs = 4_000_000_000;
const [golden] = exampleMeasures.trials;
const startUs = golden?.instants?.startUs ?? 0;
const measures: Measures = { ...exampleMeasures, trials: golden === undefined ? [] : [golden] };
const identity = { producer: 'tester', incarnation: '0a0a0a0a', campaign: 'c1', trial: 't001' };

const started: EventBody = {
  kind: 'campaign.started',
  name: 'c',
  file: '',
  plan: z.json().parse(JSON.parse(JSON.stringify({ name: 'c', definition: exampleDefinition, trials: [] }))),
  provenance: { 'kernel of tester': '6.1.0-25-amd64' },
};

function event(seq: number, body: EventBody, attempt = 1): Event {
  return { ...identity, attempt, seq, host: 'tester', wallUs: 0, monoUs: startUs - offsetUs, body };
}

/** 100 requests in the first second, answered after 10 ms; those of the second half failed. */
function batch(): SampleBatch {
  const intendedUs = Float64Array.from({ length: 100 }, (_, send) => startUs - offsetUs + send * 10_000);
  return {
    header: { ...identity, attempt: 1, seq: 1, host: 'tester', classes: ['GET /'], rows: 100 },
    columns: {
      intendedUs,
      sentUs: intendedUs,
      answeredUs: intendedUs.map((us) => us + 10_000),
      requestClass: new Uint16Array(100),
      outcome: Uint8Array.from({ length: 100 }, (_, send) => (send < 50 ? 0 : 3)),
    },
  };
}

/** As docs/saved-run.md describes it. */
async function savedRun(context: TestContext, events: readonly Event[]): Promise<SavedRun> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-report-'));
  context.after(async () => await rm(folder, { recursive: true }));
  const run = new SavedRun(join(folder, 'c1'));
  await mkdir(run.samplesDirectory, { recursive: true });
  await writeFile(run.eventsFile, events.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await writeFile(run.samplesFile('t001', 1), encodeSamples(batch()));
  return run;
}

test('the timeline of a saved run stands where the reference clock says', async (context) => {
  const run = await savedRun(context, [
    event(0, started),
    event(1, { kind: 'clock.read', of: 'tester', offsetUs, errorUs: 10 }),
    // Read in another attempt, when the host had been started again: it must not be used for this one.
    event(2, { kind: 'clock.read', of: 'tester', offsetUs: 0, errorUs: 1 }, 2),
  ]);
  const page = await renderSavedRun(run, measures);
  // 50 s in bins of 250 ms: 5 of 1000 units each. Two with 100/s, then two in which all failed, then nothing sent.
  // The scale goes to 300/s, the first round number above the campaign's 240/s.
  assert.match(page, /class="line throughput" d="M0 67H10v33H1000"/);
  assert.match(page, /class="line errors" d="M0 100H10v-100H20"/);
  assert.match(page, /class="beyond l90" x="10" y="0" width="10"/);
  assert.match(page, /<dt>kernel of tester<\/dt><dd>6\.1\.0-25-amd64<\/dd>/);
});

test('samples of a host whose clock was never read are not drawn', async (context) => {
  const read = event(1, { kind: 'clock.read', of: 'another', offsetUs, errorUs: 10 });
  const page = await renderSavedRun(await savedRun(context, [event(0, started), read]), measures);
  assert.match(page, /There are no samples to draw a timeline of/);
  assert.doesNotMatch(page, /<svg/);
});
