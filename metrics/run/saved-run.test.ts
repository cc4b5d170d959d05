import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import type { Event, EventBody } from '../../events/event.ts';
import { encodeSamples } from '../../events/samples.ts';
import { encodeMeasures } from '../measures/encode.ts';
import { load, madeAttempt, second } from '../measures/made-attempt.example.ts';
import { measureSavedRun } from './measure-run.ts';
import { recoverEvents, recoverSamples, RunWriter } from './run-writer.ts';
import { SavedRun } from './saved-run.ts';

const attempt = madeAttempt({ made: load(100 * second, 166 * second, 10) });
const plan = { name: 'made', definition: attempt.definition, trials: [attempt.plan] };

const ofTheCampaign = (seq: number, body: EventBody): Event => ({
  producer: 'controller',
  incarnation: '0123abcd',
  seq,
  campaign: 'made',
  host: 'controller',
  wallUs: 1,
  monoUs: 1,
  body,
});
const started = ofTheCampaign(0, {
  kind: 'campaign.started',
  name: 'made',
  file: 'version: 1\n',
  plan: z.json().parse(JSON.parse(JSON.stringify(plan))),
  provenance: {},
});
/** Of events.ndjson, behind the whole campaign. */
const nextLine = attempt.events.length + 3;
const ended = ofTheCampaign(1, { kind: 'campaign.ended', outcome: 'completed' });

function savedRun(
  context: TestContext,
  events: readonly Event[] = [started, ...attempt.events, ended],
): SavedRun {
  const directory = mkdtempSync(join(tmpdir(), 'ordeal-run-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const run = new SavedRun(directory);
  const writer = new RunWriter(run);
  for (const event of events) writer.event(event);
  for (const batch of attempt.batches) writer.samples(batch);
  return run;
}

test('what was written is read, and measured to the same bytes each time', async (context) => {
  const run = savedRun(context);
  assert.deepEqual(await run.events(), [started, ...attempt.events, ended]);
  assert.deepEqual(await run.samples('t001', 1), attempt.batches);
  const measures = await measureSavedRun(run);
  assert.equal(measures.verdict, 'pass');
  assert.equal(encodeMeasures(await measureSavedRun(run)), encodeMeasures(measures));
});

test('neither the folder nor the order of arrival nor what came twice changes the bytes', async (context) => {
  const measured = async (run: SavedRun): Promise<string> => encodeMeasures(await measureSavedRun(run));
  const events = [ended, ...attempt.events.toReversed(), ...attempt.events, started];
  const other = savedRun(context, events);
  const writer = new RunWriter(other);
  for (const batch of attempt.batches.toReversed()) writer.samples(batch);
  assert.equal(await measured(other), await measured(savedRun(context)));
});

test('an earlier attempt does not count, and is named', async (context) => {
  const first = attempt.events.map((event): Event =>
    event.body.kind === 'trial.ended'
      ? { ...event, body: { kind: 'trial.ended', outcome: 'interrupted', reason: 'a crash' } }
      : event,
  );
  const second = attempt.events.map((event) => ({ ...event, attempt: 2 }));
  const { trials, notCounted } = await measureSavedRun(
    savedRun(context, [started, ...second, ...first, ended]),
  );
  assert.deepEqual(
    trials.map(({ trial, attempt }) => [trial, attempt]),
    [['t001', 2]],
  );
  assert.deepEqual(notCounted, [{ trial: 't001', attempt: 1, outcome: 'interrupted', reason: 'a crash' }]);
});

test('damage is told with the file and the place', async (context) => {
  const line = savedRun(context);
  appendFileSync(line.eventsFile, '{"kind":"nothing"}\n');
  await assert.rejects(line.events(), {
    code: 'DAMAGED_RUN',
    message: new RegExp(`events\\.ndjson: line ${nextLine} is not an event`),
  });

  const torn = savedRun(context);
  appendFileSync(torn.eventsFile, '{"producer":');
  await assert.rejects(torn.events(), {
    code: 'DAMAGED_RUN',
    message: new RegExp(`line ${nextLine} is cut off`),
  });

  const cut = savedRun(context);
  const file = cut.samplesFile('t001', 1);
  truncateSync(file, 1000);
  await assert.rejects(cut.samples('t001', 1), {
    code: 'DAMAGED_RUN',
    message: /t001-1\.samples.*byte 0 is cut off/,
  });

  await assert.rejects(measureSavedRun(new SavedRun(join(cut.directory, 'none'))), { code: 'NOT_FOUND' });
});

test('a batch in the file of another attempt is damage', async (context) => {
  const run = savedRun(context);
  const other = run.samplesFile('t001', 2);
  const [batch] = attempt.batches;
  assert.ok(batch !== undefined);
  writeFileSync(other, encodeSamples(batch));
  await assert.rejects(run.samples('t001', 2), { message: /belongs to attempt 1 at t001/ });
});

test('the writer cuts off what a kill has torn, and keeps the rest', async (context) => {
  const run = savedRun(context);
  appendFileSync(run.eventsFile, '{"producer":');
  appendFileSync(run.samplesFile('t001', 1), 'ORDS');
  assert.equal(recoverEvents(run).length, attempt.events.length + 2);
  assert.deepEqual(
    recoverSamples(run),
    attempt.batches.map(({ header }) => header),
  );
  assert.equal((await run.events()).length, attempt.events.length + 2);
  assert.equal((await run.samples('t001', 1)).length, attempt.batches.length);
});

test('an event that is damaged in the middle of the file is not cut away', (context) => {
  const run = savedRun(context);
  appendFileSync(run.eventsFile, `no event\n${JSON.stringify(ended)}\n`);
  assert.throws(() => recoverEvents(run), {
    code: 'DAMAGED_RUN',
    message: new RegExp(`line ${nextLine} is`),
  });
});

test("other demands give other measures, which say what was not the run's own", async (context) => {
  const run = savedRun(context);
  const stricter = await measureSavedRun(run, {
    ...attempt.definition,
    slo: { l50Us: 1 },
    recoveryWithinUs: second,
  });
  assert.deepEqual(stricter.redefined, ['recoveryWithinUs', 'slo']);
  assert.equal(stricter.verdict, 'fail');
  assert.deepEqual(stricter.definition.slo, { l50Us: 1 });
});

test('the same demands give the same bytes as none', async (context) => {
  const run = savedRun(context);
  assert.equal(
    encodeMeasures(await measureSavedRun(run, attempt.definition)),
    encodeMeasures(await measureSavedRun(run)),
  );
});

test('a rule that is corrected finds in the saved lines what the one that was run did not', async (context) => {
  const rule = { name: 'down', source: 'haproxy', means: 'detection', by: 'management' } as const;
  const lines = madeAttempt({
    made: load(100 * second, 166 * second, 10),
    definition: { rules: [{ ...rule, pattern: 'is DWON' }] },
    beside: (speakers) => {
      const watch = 'haproxy';
      speakers.say('host-1', 100 * second, { kind: 'watch.started', watch, of: 'log' });
      speakers.say('host-1', 117 * second, {
        kind: 'watch.line',
        watch,
        text: 'web-1 is DOWN',
        stamped: true,
        resolutionUs: 0,
        readUs: 117 * second,
      });
      speakers.say('host-1', 166 * second, { kind: 'watch.ended', watch, lines: 1, dropped: 0 });
    },
  });
  const body = {
    ...started.body,
    plan: z.json().parse(JSON.parse(JSON.stringify({ ...plan, definition: lines.definition }))),
  };
  const run = savedRun(context, [{ ...started, body }, ...lines.events, ended]);
  const detected = async (rules: typeof lines.definition.rules): Promise<unknown> => {
    const { trials } = await measureSavedRun(run, { ...lines.definition, rules });
    return trials[0]?.infrastructure.response?.detected;
  };
  assert.equal(await detected(lines.definition.rules), false);
  assert.equal(await detected([{ ...rule, pattern: 'is DOWN' }]), true);
});
