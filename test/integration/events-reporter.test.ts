import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bus } from '../../events/bus.ts';
import { idOf, isKind, type Event } from '../../events/event.ts';
import { Reporter, type ReporterOptions, type Scope } from '../../events/reporter.ts';
import { outcomes, type SampleColumns } from '../../events/sample-columns.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { setup, type NatsServer } from './nats-server.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const note = (text: string) => ({ kind: 'host.checked' as const, residue: [text] });

function textOf(event: Event): string {
  return isKind(event, 'host.checked') ? (event.body.residue[0] ?? '') : event.body.kind;
}

function rows(count: number, first = 0): SampleColumns {
  const us = Float64Array.from({ length: count }, (_, index) => first + index);
  return {
    intendedUs: us,
    sentUs: us,
    answeredUs: us,
    requestClass: new Uint16Array(count),
    outcome: new Uint8Array(count).fill(outcomes.indexOf('ok')),
  };
}

describe('the reporter', () => {
  let server: NatsServer;
  let bus: Bus;
  let directory: string;
  const opened: Reporter[] = [];

  before(async () => {
    server = await setup();
    bus = await Bus.connect({ servers: server.servers, tls: server.tls, name: 'test', log: silent });
    await bus.ensureStreams();
  });
  after(async () => {
    await bus.close();
    await server.cleanup();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-spool-'));
  });
  afterEach(async () => {
    for (const reporter of opened.splice(0)) await reporter.end();
    await rm(directory, { recursive: true });
  });

  async function open(options: Partial<ReporterOptions> = {}): Promise<Reporter> {
    const reporter = await Reporter.open({
      producer: 'p',
      host: 'p',
      directory,
      bus,
      log: silent,
      ...options,
    });
    opened.push(reporter);
    return reporter;
  }

  /** A bus that never comes: what is said stays in the spool. */
  const nobody = new Promise<Bus>(() => undefined);

  async function eventsOf(campaign: string, count: number): Promise<Event[]> {
    const events: Event[] = [];
    for await (const { event } of bus.events({ campaign })) {
      events.push(event);
      if (events.length === count) break;
    }
    return events;
  }

  async function samplesOf(campaign: string, count: number, from = Date.now()): Promise<SampleBatch[]> {
    const batches: SampleBatch[] = [];
    for await (const { batch, ack } of bus.samples({ durable: `samples-${campaign}-${from}` })) {
      ack();
      if (batch.header.campaign === campaign) batches.push(batch);
      if (batches.length === count) break;
    }
    return batches;
  }

  test('what is said arrives as it was said, with an identity and both clocks', async () => {
    const reporter = await open();
    const scope = { campaign: 'plain', trial: 't1', attempt: 1 };
    const saidMs = Date.now();
    reporter.event(scope, note('first'));
    reporter.event(scope, note('second'), { monoUs: 17 });
    await reporter.drained();
    const [first, second] = await eventsOf('plain', 2);
    assert.ok(first && second);
    assert.deepEqual([first, second].map(textOf), ['first', 'second']);
    assert.deepEqual([first.seq, second.seq], [0, 1]);
    assert.deepEqual([first.producer, first.host, first.trial, first.attempt], ['p', 'p', 't1', 1]);
    assert.equal(second.monoUs, 17);
    // The wall clock is read in whole milliseconds, the time since the event in microseconds.
    assert.ok(saidMs - 1 <= first.wallUs / 1000 && first.wallUs / 1000 <= Date.now());
    assert.ok(second.wallUs < first.wallUs, 'the wall clock is that of the instant told of');
  });

  test('what is told of an earlier boot bears that one, and its clocks', async () => {
    const reporter = await open();
    const scope = { campaign: 'earlier-boot', trial: 't1', attempt: 1 };
    const ofEarlierBoot = { id: '0badc0de-1111-2222-3333-444444444444', wallUs: 23 };
    reporter.event(scope, note('before'), { monoUs: 17, ofEarlierBoot });
    reporter.event(scope, note('now'));
    await reporter.drained();
    const [before, now] = await eventsOf('earlier-boot', 2);
    assert.deepEqual([before?.boot, before?.monoUs, before?.wallUs], ['0badc0de', 17, 23]);
    assert.notEqual(now?.boot, '0badc0de');
    assert.equal(now?.incarnation, before?.incarnation);
  });

  test('nothing is lost, doubled or turned around while the server is away', async () => {
    const reporter = await open();
    const scope = { campaign: 'outage', trial: 't1', attempt: 1 };
    let said = 0;
    const speak = (count: number): void => {
      for (let index = 0; index < count; index += 1, said += 1) {
        if (said % 5 === 4) reporter.samples(scope, ['get'], rows(10, said));
        else reporter.event(scope, note(String(said)));
      }
    };
    speak(200);
    await server.stop('SIGKILL');
    for (let round = 0; round < 20; round += 1) {
      speak(20);
      await sleep(100);
    }
    assert.ok(reporter.pending >= 400);
    await server.start();
    for (let round = 0; round < 10; round += 1) {
      speak(20);
      await sleep(20);
    }
    await reporter.drained();
    const eventCount = Array.from({ length: said }, (_, seq) => seq).filter((seq) => seq % 5 !== 4).length;
    const events = await eventsOf('outage', eventCount);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      Array.from({ length: said }, (_, seq) => seq).filter((seq) => seq % 5 !== 4),
    );
    assert.deepEqual(
      events.map(textOf),
      events.map(({ seq }) => String(seq)),
    );
    const batches = await samplesOf('outage', said / 5);
    assert.deepEqual(
      batches.map(({ header }) => header.seq),
      Array.from({ length: said / 5 }, (_, index) => index * 5 + 4),
    );
    assert.equal(batches[3]?.columns.intendedUs[0], 19);
  });

  test('what a killed process had said is delivered by the next one, once and in order', async () => {
    const { tls, servers } = server;
    const told: string[] = [];
    // The first one is killed while the server listens, the second one while it is away.
    for (const isAway of [false, true]) {
      if (isAway) await server.stop();
      const script = join(import.meta.dirname, 'speaker.ts');
      const args = ['--import', 'tsx', script, servers, tls.ca, tls.cert, tls.key, directory];
      const speaker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      speaker.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      const closed = once(speaker, 'close');
      while (output.split('\n').length < 300) await sleep(5);
      speaker.kill('SIGKILL');
      await closed;
      told.push(...output.trim().split('\n'));
      if (isAway) await server.start();
    }
    await bus.whenConnected();
    const reporter = await open({ producer: 'speaker', host: 'speaker' });
    const scope = { campaign: 'kill', trial: 't1', attempt: 1 };
    reporter.closeAttempt(scope);
    await reporter.drained();
    const events: Event[] = [];
    for await (const { event } of bus.events({ campaign: 'kill' })) {
      events.push(event);
      if (event.body.kind === 'producer.closed') break;
    }
    assert.equal(new Set(events.map(idOf)).size, events.length, 'each is stored once');
    const closing = events.at(-1);
    assert.ok(closing && isKind(closing, 'producer.closed'));
    assert.equal(closing.body.incarnations.length, 3);
    for (const { incarnation, lastSeq } of closing.body.incarnations) {
      const seqs = events.filter((event) => event.incarnation === incarnation).map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        Array.from({ length: lastSeq + 1 }, (_, seq) => seq),
      );
    }
    // A process may be killed between saying something and telling that it did, not the other way round.
    const numbers = events.slice(0, -1).map(textOf);
    assert.ok(numbers.length >= told.length && numbers.length <= told.length + 2);
    const restart = numbers.lastIndexOf('0');
    const toldRestart = told.lastIndexOf('0');
    assert.deepEqual(numbers.slice(0, toldRestart), told.slice(0, toldRestart));
    assert.deepEqual(numbers.slice(restart, restart + told.length - toldRestart), told.slice(toldRestart));
  });

  test('a record that is not whole is cut off, wherever it was broken, and the closing statement announces more than came', async () => {
    const scope = { campaign: 'torn', trial: 't1', attempt: 1 };
    const writer = await open({ bus: nobody });
    for (const text of ['a', 'b', 'c']) writer.event(scope, note(text));
    await writer.end();
    const path = join(directory, '000000001.spool');
    const whole = (await stat(path)).size;
    // Garbage behind the last record, then the last record without its last byte, then half of a length.
    await appendFile(path, Buffer.from([9, 0, 0, 0, 1, 2]));
    const afterGarbage = await open({ bus: nobody });
    assert.equal(afterGarbage.pending, 3);
    assert.equal((await stat(path)).size, whole);
    await afterGarbage.end();
    await truncate(path, whole - 1);
    const reader = await open();
    assert.equal(reader.pending, 2);
    reader.closeAttempt(scope);
    await reader.drained();
    const events = await eventsOf('torn', 3);
    assert.deepEqual(events.map(textOf), ['a', 'b', 'producer.closed']);
    const closed = events.at(-1)?.body;
    assert.ok(closed?.kind === 'producer.closed');
    const [torn] = closed.incarnations;
    assert.ok(torn !== undefined && torn.lastSeq > 1, `announced: ${JSON.stringify(torn)}`);
  });

  test('a closing statement names earlier incarnations although their spool was published and removed', async () => {
    const scope = { campaign: 'earlier', trial: 't1', attempt: 2 };
    const incarnations: string[] = [];
    for (const text of ['one', 'two']) {
      const reporter = await open();
      reporter.event(scope, note(text));
      reporter.event(scope, note(text));
      await reporter.drained();
      await reporter.end();
    }
    const last = await open();
    last.closeAttempt(scope);
    last.closeAttempt(scope);
    await last.drained();
    const events = await eventsOf('earlier', 5);
    incarnations.push(...new Set(events.map(({ incarnation }) => incarnation)));
    const closing = events[4];
    assert.ok(closing && isKind(closing, 'producer.closed'));
    assert.deepEqual(
      closing.body.incarnations,
      incarnations.map((incarnation, index) => ({ incarnation, lastSeq: index < 2 ? 1 : 0 })),
    );
    await last.end();
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.endsWith('.spool')),
      ['000000003.spool'],
    );
  });

  test('a closed attempt stays closed, over a restart too, while the next attempt is open', async () => {
    const scope = { campaign: 'late', trial: 't1', attempt: 1 };
    const reporter = await open();
    reporter.closeAttempt(scope);
    reporter.event(scope, note('too late'));
    reporter.samples(scope, ['get'], rows(1));
    await reporter.end();
    const next = await open();
    next.event(scope, note('too late'));
    next.closeAttempt(scope);
    next.event({ ...scope, attempt: 2 }, note('in time'));
    await next.drained();
    const events = await eventsOf('late', 2);
    assert.deepEqual(events.map(textOf), ['producer.closed', 'in time']);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      [0, 0],
    );
  });

  test('seqs count in each scope for themselves', async () => {
    const reporter = await open();
    const scopes: Scope[] = [{}, { campaign: 'scopes' }, { campaign: 'scopes', trial: 't1', attempt: 1 }];
    for (const scope of [...scopes, ...scopes]) reporter.event(scope, note('x'));
    await reporter.drained();
    const events = await eventsOf('scopes', 4);
    assert.deepEqual(
      events.map(({ trial, seq }) => [trial, seq]),
      [
        [undefined, 0],
        ['t1', 0],
        [undefined, 1],
        ['t1', 1],
      ],
    );
  });

  test('large batches of samples are split so that each fits, and keep every row', async () => {
    const reporter = await open();
    const scope = { campaign: 'large', trial: 't1', attempt: 1 };
    reporter.samples(scope, ['get', 'put'], rows(50_000));
    reporter.samples(scope, ['get'], rows(0));
    await reporter.drained();
    const batches = await samplesOf('large', 3);
    assert.deepEqual(
      batches.map(({ header }) => header.seq),
      [0, 1, 2],
    );
    const all = batches.flatMap(({ columns }) => [...columns.answeredUs]);
    assert.deepEqual(all, [...rows(50_000).answeredUs]);
  });

  test('a full spool refuses samples, visibly, and never an event', async () => {
    const errors: string[] = [];
    const log = { ...silent, error: (_: object, message: string) => errors.push(message) };
    const scope = { campaign: 'full', trial: 't1', attempt: 1 };
    const full = await open({ bus: nobody, spoolBytes: 40_000, log });
    for (let batch = 0; batch < 3; batch += 1) full.samples(scope, ['get'], rows(1_000));
    full.event(scope, note('said in spite of it'));
    await full.end();
    assert.deepEqual(errors, ['the spool is full: samples are refused']);
    const next = await open();
    next.closeAttempt(scope);
    await next.drained();
    const events = await eventsOf('full', 2);
    assert.equal(events[0]?.seq, 3);
    assert.deepEqual(
      (await samplesOf('full', 1)).map(({ header }) => header.seq),
      [0],
    );
    const closing = events[1];
    assert.ok(closing && isKind(closing, 'producer.closed'));
    // 1 and 2 are announced and will never come.
    assert.equal(closing.body.incarnations[0]?.lastSeq, 3);
  });

  test('published segments are removed while the spool grows', async () => {
    const reporter = await open();
    const scope = { campaign: 'segments', trial: 't1', attempt: 1 };
    for (let batch = 0; batch < 100; batch += 1) {
      reporter.samples(scope, ['get'], rows(19_000));
      if (batch % 10 === 9) await reporter.drained();
    }
    await reporter.end();
    const names = (await readdir(directory)).filter((name) => name.endsWith('.spool'));
    assert.equal(names.length, 1);
    assert.equal(names[0], '000000004.spool');
  });

  test('a directory that cannot be written to, or is in use, is an error that says so', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await assert.rejects(open({ directory: join(file, 'spool') }), {
      code: 'INVALID_INPUT',
      message: /^the spool directory .*file\/spool cannot be used: ENOTDIR/,
    });
    await open();
    await assert.rejects(open(), { code: 'ALREADY_EXISTS', message: /another process uses the spool/ });
  });

  test('what no reader would understand is refused before it takes a seq', async () => {
    const reporter = await open();
    const scope = { campaign: 'valid', trial: 't1', attempt: 1 };
    assert.throws(() => reporter.event(scope, { kind: 'workload.ended', rows: -1 }), { code: 'INTERNAL' });
    assert.throws(() => reporter.event({ campaign: 'Not a name' }, note('x')), { code: 'INTERNAL' });
    assert.throws(() => reporter.event(scope, note(randomBytes(2 * 1024 * 1024).toString('base64'))), {
      code: 'INVALID_INPUT',
    });
    reporter.event(scope, note('fine'));
    await reporter.drained();
    assert.deepEqual(
      (await eventsOf('valid', 1)).map(({ seq }) => seq),
      [0],
    );
  });

  test('a plan larger than what NATS carries arrives whole', async () => {
    const reporter = await open({ producer: 'controller', host: 'controller' });
    const plan = Array.from({ length: 20_000 }, (_, trial) => ({ trial: `t${trial}`, on: 'node-1/eth0' }));
    const body = { kind: 'campaign.started' as const, name: 'n', file: 'f', plan, provenance: {} };
    reporter.event({ campaign: 'plan' }, body);
    await reporter.drained();
    assert.deepEqual((await eventsOf('plan', 1))[0]?.body, body);
  });

  test('waiting for the spool to drain ends with the reporter', async () => {
    const reporter = await open({ bus: nobody });
    reporter.event({}, note('x'));
    const drained = assert.rejects(reporter.drained(), { code: 'STORE_UNAVAILABLE' });
    await reporter.end();
    await drained;
  });
});
