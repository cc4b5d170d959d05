import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { Bus } from '../../events/bus.ts';
import type { Event, Identity } from '../../events/event.ts';
import { idOf } from '../../events/event.ts';
import { encodeSamples } from '../../events/samples.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { setup, type NatsServer } from './nats-server.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function said(seq: number, campaign = 'c1'): Event {
  return {
    producer: 'p',
    incarnation: '0123abcd',
    seq,
    campaign,
    trial: 't1',
    attempt: 1,
    host: 'p',
    wallUs: 1,
    monoUs: seq,
    body: { kind: 'host.checked', residue: [] },
  };
}

async function publish(bus: Bus, event: Event): Promise<void> {
  const subject = `ordeal.events.${event.campaign ?? '_'}.${event.trial ?? '_'}.${event.producer}`;
  await bus.publish(subject, idOf(event), Buffer.from(JSON.stringify(event)));
}

async function take<T>(from: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const one of from) {
    taken.push(one);
    if (taken.length === count) break;
  }
  return taken;
}

const seqs = (deliveries: readonly { event: Identity }[]): number[] =>
  deliveries.map(({ event }) => event.seq);

describe('the bus', () => {
  let server: NatsServer;
  let bus: Bus;

  before(async () => {
    server = await setup();
    bus = await Bus.connect({ servers: server.servers, tls: server.tls, name: 'test', log: silent });
    await bus.ensureStreams();
  });
  after(async () => {
    await bus.close();
    await server.cleanup();
  });

  test('streams are made once and then left alone', async () => {
    await bus.ensureStreams();
  });

  test('what was published comes in its order, from any sequence, of any campaign', async () => {
    for (const seq of [0, 1, 2]) await publish(bus, said(seq, 'order'));
    await publish(bus, said(0, 'other'));
    const all = await take(bus.events({ campaign: 'order' }), 3);
    assert.deepEqual(seqs(all), [0, 1, 2]);
    const second = all[1]?.sequence ?? 0;
    assert.deepEqual(seqs(await take(bus.events({ campaign: 'order', fromSequence: second }), 2)), [1, 2]);
    assert.deepEqual(seqs(await take(bus.events({ campaign: 'other' }), 1)), [0]);
  });

  test('what decides on a trial is not believed of a host', async () => {
    const ended = { kind: 'trial.ended', outcome: 'completed' } as const;
    await publish(bus, { ...said(0, 'decided'), body: ended });
    const byController = { ...said(0, 'decided'), producer: 'controller', host: 'controller', body: ended };
    await publish(bus, byController);
    const [first] = await take(bus.events({ campaign: 'decided' }), 1);
    assert.equal(first?.event.producer, 'controller');
  });

  test('a message sent twice within the window is stored once', async () => {
    for (const seq of [0, 0, 1]) await publish(bus, said(seq, 'twice'));
    assert.deepEqual(seqs(await take(bus.events({ campaign: 'twice' }), 2)), [0, 1]);
  });

  test('a durable goes on behind what it acknowledged', async () => {
    for (const seq of [0, 1, 2, 3]) await publish(bus, said(seq, 'durable'));
    for await (const delivery of bus.events({ durable: 'reader', campaign: 'durable' })) {
      delivery.ack();
      if (delivery.event.seq === 1) break;
    }
    await publish(bus, said(4, 'durable'));
    const first = await take(bus.events({ durable: 'reader', campaign: 'durable' }), 1);
    // 2 and 3 were fetched but not acknowledged; they come again when their time is over, and 4 need not wait for that.
    assert.ok((first[0]?.event.seq ?? 0) >= 2);
  });

  test('what a reader that died left unanswered comes to the next one soon', async () => {
    for (const seq of [0, 1, 2]) await publish(bus, said(seq, 'died'));
    const read = () => bus.events({ durable: 'died', campaign: 'died' });
    assert.deepEqual(seqs(await take(read(), 1)), [0]);
    assert.deepEqual(seqs(await take(read(), 3)).toSorted(), [0, 1, 2]);
  });

  test('what a reader has in hand for long comes to nobody again, and what waits behind it is not lost', async () => {
    for (const seq of [0, 1, 2]) await publish(bus, said(seq, 'slow'));
    const got: number[] = [];
    for await (const { event, ack } of bus.events({ durable: 'slow', campaign: 'slow' })) {
      got.push(event.seq);
      // Longer than the request for messages lives, and than the server waits for an answer.
      if (event.seq === 0) await sleep(12_000);
      ack();
      if (event.seq === 2) await publish(bus, said(3, 'slow'));
      if (event.seq === 3) break;
    }
    assert.deepEqual(got, [0, 1, 2, 3]);
  });

  test('messages that are no events are passed over and counted', async () => {
    const before = bus.invalidMessages;
    await bus.publish('ordeal.events.bad.t1.p', 'bad-1', Buffer.from('not JSON'));
    await bus.publish('ordeal.events.bad.t1.p', 'bad-2', Buffer.from('{"seq":0}'));
    await publish(bus, said(7, 'bad'));
    const [good] = await take(bus.events({ durable: 'bad', campaign: 'bad' }), 1);
    assert.equal(good?.event.seq, 7);
    assert.equal(bus.invalidMessages, before + 2);
  });

  test('an event under the subject of another producer is passed over and counted', async () => {
    const before = bus.invalidMessages;
    const foreign = said(1, 'foreign');
    const subject = 'ordeal.events.foreign.t1.q';
    await bus.publish(subject, idOf(foreign), Buffer.from(JSON.stringify(foreign)));
    const displaced = said(2, 'foreign');
    await publish(bus, { ...displaced, host: 'q' });
    await publish(bus, said(3, 'foreign'));
    const [own] = await take(bus.events({ campaign: 'foreign' }), 1);
    assert.equal(own?.event.seq, 3);
    assert.equal(bus.invalidMessages, before + 2);
  });

  test('samples arrive as they were', async () => {
    const columns = {
      intendedUs: new Float64Array([1, 2]),
      sentUs: new Float64Array([3, 4]),
      answeredUs: new Float64Array([5, 6]),
      requestClass: new Uint16Array([0, 1]),
      outcome: new Uint8Array([0, 4]),
    };
    const identity = {
      producer: 'p',
      incarnation: '0123abcd',
      seq: 0,
      campaign: 'c',
      trial: 't',
      attempt: 1,
    };
    const header = { ...identity, host: 'p', classes: ['a', 'b'], rows: 2 };
    await bus.publish('ordeal.samples.c.t.p', idOf(identity), encodeSamples({ header, columns }));
    const [delivery] = await take(bus.samples({ durable: 'samples' }), 1);
    assert.deepEqual(delivery?.batch, { header, columns });
  });

  test('readers and writers go on after the server was killed and started again', async () => {
    const ordered: number[] = [];
    const durable: number[] = [];
    const stop = new AbortController();
    const read = async (into: number[], options: { durable?: string }): Promise<void> => {
      for await (const { event, ack } of bus.events({
        ...options,
        campaign: 'restart',
        signal: stop.signal,
      })) {
        into.push(event.seq);
        ack();
      }
    };
    const readers = [read(ordered, {}), read(durable, { durable: 'restart' })];
    await publish(bus, said(0, 'restart'));
    await until('both have the first', () => ordered.length === 1 && durable.length === 1);
    await server.stop('SIGKILL');
    await assert.rejects(publish(bus, said(1, 'restart')), { code: 'STORE_UNAVAILABLE' });
    await until('the bus knows', () => !bus.connected);
    await server.start();
    await bus.whenConnected();
    await until('the store answers again', () =>
      publish(bus, said(1, 'restart')).then(
        () => true,
        () => false,
      ),
    );
    await publish(bus, said(2, 'restart'));
    await until('both have all', () => ordered.length >= 3 && new Set(durable).size >= 3);
    stop.abort();
    await Promise.all(readers);
    assert.deepEqual(ordered, [0, 1, 2]);
    assert.deepEqual([...new Set(durable)], [0, 1, 2]);
  });

  test('a store keeps the last value of each key', async () => {
    const store = await bus.store('keeps');
    const all = async (prefix: string) =>
      (await take(store.entries(prefix), 9)).map(({ key, value }) => [key, value]);
    assert.equal(await store.get('a/1'), undefined);
    assert.deepEqual(await all(''), []);
    const first = (await store.put('a/1', { step: 'check' }, 0)) ?? 0;
    const second = (await store.put('a/1', { step: 'inject' }, first)) ?? 0;
    await store.put('a/2', [1], 0);
    await store.put('b/1', null, 0);
    assert.deepEqual(await store.get('a/1'), { value: { step: 'inject' }, revision: second });
    assert.deepEqual(await all('a/'), [
      ['a/1', { step: 'inject' }],
      ['a/2', [1]],
    ]);
    assert.equal(await store.delete('a/1', second), true);
    assert.equal(await store.get('a/1'), undefined);
    assert.deepEqual(await all(''), [
      ['a/2', [1]],
      ['b/1', null],
    ]);
    assert.ok(await store.put('a/1', 'again', 0));
  });

  test('a value is only replaced or removed at the revision that is expected', async () => {
    const store = await bus.store('revisions');
    const first = (await store.put('key', 'one', 0)) ?? 0;
    assert.equal(await store.put('key', 'two', 0), undefined);
    const second = (await store.put('key', 'two', first)) ?? 0;
    assert.ok(second > first);
    assert.equal(await store.put('key', 'three', first), undefined);
    assert.equal(await store.delete('key', first), false);
    assert.deepEqual(await store.get('key'), { value: 'two', revision: second });
  });

  test('a value stops a little below 1 MiB', async () => {
    const store = await bus.store('sizes');
    const fits = 'x'.repeat(1024 * 1024 - 256 - 2);
    await store.put('fits', fits, 0);
    assert.equal((await store.get('fits'))?.value, fits);
    await assert.rejects(store.put('large', `${fits}x`, 0), {
      code: 'INVALID_INPUT',
      message: 'the value of sizes/large has 1048321 bytes; a value has 1048320 at most',
    });
  });

  test('a key that NATS could not carry is refused', async () => {
    const store = await bus.store('keys');
    for (const key of ['', 'a b', '.a', 'a.', 'a*', 'ä']) {
      await assert.rejects(store.put(key, 1, 0), { code: 'INVALID_INPUT' });
    }
  });

  test('a store works again after the server was away', async () => {
    const store = await bus.store('away');
    await store.put('key', 1, 0);
    await server.stop();
    await assert.rejects(store.get('key'), { code: 'STORE_UNAVAILABLE' });
    await server.start();
    await bus.whenConnected();
    await until('the store answers again', () =>
      store.get('key').then(
        (entry) => entry?.value === 1,
        () => false,
      ),
    );
  });

  test('a client without a certificate of the authority is refused', async () => {
    const strangers = await setup();
    const refused = await Bus.connect({
      servers: server.servers,
      tls: strangers.tls,
      name: 'x',
      log: silent,
    });
    try {
      await sleep(500);
      assert.equal(refused.connected, false);
      await assert.rejects(refused.whenConnected(AbortSignal.timeout(500)), OrdealError);
    } finally {
      await refused.close();
      await strangers.cleanup();
    }
  });
});

test('a bus without a server neither fails nor hangs, and connects when the server comes', async () => {
  const server = await setup();
  await server.stop();
  const bus = await Bus.connect({ servers: server.servers, tls: server.tls, name: 'early', log: silent });
  try {
    assert.equal(bus.connected, false);
    await assert.rejects(publish(bus, said(0)), { code: 'STORE_UNAVAILABLE' });
    const waiting = bus.ensureStreams();
    await sleep(600);
    await server.start();
    await waiting;
    assert.equal(bus.connected, true);
  } finally {
    await bus.close();
    await server.cleanup();
  }
});

test('a bus that never found its server closes at once', async () => {
  const port = await freePort();
  const tls = { ca: '/nowhere/ca.pem', cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' };
  const bus = await Bus.connect({ servers: `127.0.0.1:${port}`, tls, name: 'x', log: silent });
  const stopping = bus.ensureStreams();
  await Promise.all([assert.rejects(stopping, { code: 'STORE_UNAVAILABLE' }), bus.close()]);
});
