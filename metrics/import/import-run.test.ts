import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { compare } from '../comparison/compare.ts';
import { encodeMeasures } from '../measures/encode.ts';
import { measureSavedRun } from '../run/measure-run.ts';
import { runToCompare } from '../run/run-to-compare.ts';
import { importRun } from './import-run.ts';

const second = 1_000_000;
const at = (seconds: number): number => 1000 * second + seconds * second;

const description = `version: 1
name: vendor
requests: requests.csv
events: events.ndjson
timeout: 1s
clockError: 1ms
load: { rate: 10/s }
watches: [front]
trials:
  - { id: t001 }
  - id: t002
    fault: { name: kill, cell: virtual.cpu.unavailability, mechanism: kill, targets: [host-1/container/web] }
slo: { unavailability: 5s }
rules:
  - { name: down, source: front, pattern: 'web is DOWN', means: detection, by: management }
  - { name: up, source: front, pattern: 'web is UP', means: recovery-done, by: management }
`;

/** Before from 0 to 5 s, the fault from 5 to 10 s, ended at 20 s; the load from 0 to 21 s, ten requests a second. */
function requestsOf(trial: string, isLost: (tenth: number) => boolean): string[] {
  return Array.from({ length: 210 }, (_, tenth) => {
    const intendedUs = at(tenth / 10);
    const lost = isLost(tenth);
    return `${trial},${intendedUs},${intendedUs + (lost ? second : 10_000)},${lost ? 'timeout' : 'ok'}`;
  });
}

const requests = [
  'trial,intendedUs,answeredUs,outcome',
  ...requestsOf('t001', () => false),
  ...requestsOf('t002', (tenth) => tenth >= 50 && tenth < 80),
].join('\n');

const instants = (trial: string, removed: object): object[] => [
  { trial, atUs: at(0), kind: 'started' },
  { trial, atUs: at(5), kind: 'injected' },
  { trial, atUs: at(10), kind: 'removed', ...removed },
  { trial, atUs: at(20), kind: 'ended' },
];
const line = (seconds: number, text: string): object => ({
  trial: 't002',
  atUs: at(seconds),
  kind: 'line',
  watch: 'front',
  text,
});
const eventsWith = (removed: object): string =>
  [...instants('t001', {}), ...instants('t002', removed), line(6.5, 'web is DOWN'), line(8, 'web is UP')]
    .map((event) => JSON.stringify(event))
    .join('\n');
const events = eventsWith({ effects: 7, clean: true });

const good = { 'vendor.yaml': description, 'requests.csv': requests, 'events.ndjson': events };

function folderOf(context: TestContext, files: Readonly<Record<string, string>> = good): string {
  const folder = mkdtempSync(join(tmpdir(), 'ordeal-import-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function imported(context: TestContext, files: Readonly<Record<string, string>> = good) {
  const folder = folderOf(context, files);
  const { run } = await importRun(join(folder, 'vendor.yaml'), join(folder, 'vendor-1'));
  return run;
}

test('what is imported is measured as any run is: the outage, the detection and the repair are those that were written', async (context) => {
  const measures = await measureSavedRun(await imported(context));
  const [golden, faulty] = measures.trials;
  assert.deepEqual([measures.verdict, measures.reasons], ['pass', []]);
  assert.deepEqual([golden?.valid, faulty?.valid], [true, true]);
  // The first request that was lost was to be sent at 5.0 s, the first that was answered after it at 8.0 s.
  assert.equal(faulty?.service?.unavailability.us, 3 * second);
  assert.equal(golden?.service?.unavailability.us, 0);
  assert.equal(faulty.service.after.throughputPerS, 101 / 10);
  assert.equal(faulty.service.after.latency.l50Us, 10_000);
  const response = faulty.infrastructure.response;
  assert.equal(response?.latencyFromInjection?.us, 1.5 * second);
  assert.equal(response.recoveryLatency?.us, 1.5 * second);
  assert.deepEqual([response.recovered, response.by], [true, 'management']);
});

test('the same files make a run of the same measures, in another folder as well', async (context) => {
  const [one, other] = [await imported(context), await imported(context)];
  assert.equal(encodeMeasures(await measureSavedRun(one)), encodeMeasures(await measureSavedRun(other)));
});

test('what nobody has said is unknown: without effects, or proof that the fault is gone, a trial does not count', async (context) => {
  const run = await imported(context, { ...good, 'events.ndjson': eventsWith({ effects: 7 }) });
  const [, faulty] = (await measureSavedRun(run)).trials;
  assert.deepEqual([faulty?.valid, faulty?.verdict], [false, 'unknown']);
  assert.match(faulty?.reasons.join() ?? '', /nothing proves/);
  const silent = await imported(context, { ...good, 'events.ndjson': eventsWith({ clean: true }) });
  assert.match(
    (await measureSavedRun(silent)).trials[1]?.reasons.join() ?? '',
    /nobody knows whether the fault was activated/,
  );
});

test('two imported runs are compared like for like, and another load is told', async (context) => {
  const one = await runToCompare(await imported(context));
  assert.deepEqual(compare(one, one).unlike, []);
  const other = await imported(context, { ...good, 'vendor.yaml': description.replace('10/s', '20/s') });
  assert.deepEqual(compare(one, await runToCompare(other)).unlike, [
    { what: 'load: rate', one: '10/s', other: '20/s' },
  ]);
});

async function refusal(context: TestContext, changes: Readonly<Record<string, string>>): Promise<string> {
  const folder = folderOf(context, { ...good, ...changes });
  const before = readdirSync(folder);
  let message = '';
  await assert.rejects(importRun(join(folder, 'vendor.yaml'), join(folder, 'vendor-1')), (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error);
    assert.equal(error.code, 'INVALID_INPUT');
    message = error.message;
    return true;
  });
  assert.deepEqual(readdirSync(folder), before, 'nothing is left of it');
  return message;
}

test('wrong requests are refused with line, column, what was found and what is allowed, and nothing is left', async (context) => {
  const [head = '', first = '', ...rest] = requests.split('\n');
  const broken = (changed: string, heading = head): string => [heading, changed, ...rest].join('\n');
  const cases: readonly [string, RegExp][] = [
    [
      broken(first.replace('ok', 'fine')),
      /requests\.csv:2:28 outcome: is "fine"; it must be ok, timeout, refused, error, wrong/,
    ],
    [
      broken(first.replace('t001', 't009')),
      /requests\.csv:2:1 trial: is "t009"; the description has no such trial/,
    ],
    [
      broken(first.replace(',1000', ',-1000')),
      /requests\.csv:2:6 intendedUs: is "-1000\d+"; it must be whole microseconds/,
    ],
    [broken(first.replace(`${at(0) + 10_000}`, '5')), /answeredUs: is 5, before the request was sent/],
    [broken(`${first},1`), /requests\.csv:2:1 has 5 fields; the heading has 4/],
    [broken(first, head.replace('outcome', 'status')), /requests\.csv:1:29 "status" is no column; it is CSV/],
    ['', /has no line/],
  ];
  for (const [text, says] of cases) assert.match(await refusal(context, { 'requests.csv': text }), says);
});

test('wrong events are refused with line, column, what was found and what is allowed', async (context) => {
  const cases: readonly [string, RegExp][] = [
    [`${events}\n{"trial":`, /events\.ndjson:11:\d+ is not JSON/],
    [
      events.replace('"injected"', '"injekted"'),
      /events\.ndjson:2:\d+ kind: is "injekted"; it must be started or injected/,
    ],
    [
      events.replace('"t002"', '"t003"'),
      /events\.ndjson:5:2 trial: is "t003"; the description has no such trial: t001, t002/,
    ],
    [
      events.replace('"front"', '"back"'),
      /watch: is "back"; it must be one of the watches of the description: front/,
    ],
    [events.split('\n').slice(1).join('\n'), /no line says when t001 was started/],
    [
      events.replace(String(at(5)), String(at(11))),
      /is before t001 was injected; the order is started, injected, removed, ended/,
    ],
    [events.replace(String(at(5)), '"soon"'), /atUs: is "soon"; it must be whole microseconds/],
  ];
  for (const [text, says] of cases) assert.match(await refusal(context, { 'events.ndjson': text }), says);
});

test('a wrong description is refused at its place', async (context) => {
  const cases: readonly [string, string, RegExp][] = [
    ['clockError: 1ms\n', '', /vendor\.yaml:1:1 clockError: is missing/],
    ['cpu.unavailability', 'cpu.unavailable', /trials\[1\]\.fault\.cell: /],
    ['source: front', 'source: back', /rules\[0\]\.source: is "back"; it must be one of the watches: front/],
    ['id: t002', 'id: t001', /trials\[1\]\.id: is t001, as one before it/],
    ['host-1/container/web', 'Host 1', /targets\[0\]: is "Host 1"; it must be a host, or host\/kind\/name/],
    ['requests.csv', 'nowhere.csv', /requests .*nowhere\.csv cannot be read/],
  ];
  for (const [found, instead, says] of cases) {
    assert.ok(description.includes(found));
    assert.match(await refusal(context, { 'vendor.yaml': description.replace(found, instead) }), says);
  }
});

test('a folder that is there is not written to', async (context) => {
  const folder = folderOf(context);
  await assert.rejects(
    importRun(join(folder, 'vendor.yaml'), folder),
    /cannot be the name of a saved run|is there already/,
  );
  assert.ok(!existsSync(join(folder, 'plan.json')));
});
