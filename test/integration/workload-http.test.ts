import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Outcome } from '../../events/sample-columns.ts';
import { aheadUs, count, load, type Loaded, type Row } from './workload-load.ts';
import { content, nginx, serve } from './workload-servers.ts';

const slow = { shape: 'flat', rate: '20/s' };

// Each waits for a driver more than it computes.
describe('the HTTP load', { concurrency: 4 }, () => {
  test('sends all of its schedule to an nginx that is well, and nothing before its time', async (context) => {
    const { url } = await nginx(context);
    const expect = { body: content };
    const { rows, reported, version, startUs } = await load({
      url,
      expect,
      load: { shape: 'flat', rate: '250/s' },
    });
    assert.equal(reported, 250);
    assert.match(version, /^http 1, node \d/);
    assert.deepEqual(count(rows), { ok: 250 });
    assert.deepEqual(
      rows.map(({ intendedUs }) => intendedUs),
      Array.from({ length: 250 }, (_, send) => startUs + send * 4000),
    );
    assert.ok(
      rows.every(({ intendedUs, sentUs, answeredUs }) => intendedUs <= sentUs && sentUs < answeredUs),
    );
  });

  test('mixes classes, each with its own expectation', async (context) => {
    const { url } = await nginx(context);
    const { rows } = await load({
      url,
      load: { shape: 'flat', rate: '400/s' },
      classes: [
        { name: 'right', path: '/', weight: 2, expect: { bodyContains: 'works' } },
        { name: 'wrong', path: '/other', expect: { bodyContains: 'works' } },
        { name: 'broken', path: '/broken', expect: { body: content } },
        { name: 'as expected', path: '/broken', expect: { status: 503 } },
      ],
    });
    const of = (name: string): Row[] => rows.filter((row) => row.name === name);
    assert.deepEqual(count(of('right')), { ok: of('right').length });
    assert.deepEqual(count(of('wrong')), { wrong: of('wrong').length });
    assert.deepEqual(count(of('broken')), { error: of('broken').length });
    assert.deepEqual(count(of('as expected')), { ok: of('as expected').length });
    assert.ok(of('right').length > 100 && of('wrong').length > 30);
  });

  test('keeps to its schedule while the service is stalled: each request of that second is late or lost', async (context) => {
    const { url, server } = await nginx(context);
    const durationUs = 3_000_000;
    const stalled = sleep((aheadUs + 1_000_000) / 1000).then(async () => {
      server.kill('SIGSTOP');
      const from = monotonicUs();
      await sleep(1000);
      const until = monotonicUs();
      server.kill('SIGCONT');
      return { from, until };
    });
    const options = { url, timeout: '600ms', load: { shape: 'flat', rate: '250/s' } };
    const { rows, startUs } = await load(options, { durationUs });
    const { from, until } = await stalled;
    assert.deepEqual(
      rows.map(({ intendedUs }) => intendedUs),
      Array.from({ length: 750 }, (_, send) => startUs + send * 4000),
    );
    const inside = rows.filter(({ intendedUs }) => intendedUs >= from && intendedUs < until);
    assert.ok(Math.abs(inside.length - (until - from) / 4000) <= 1);
    for (const { intendedUs, answeredUs, outcome } of inside) {
      // The stall is over before the time of those that came in its last 600 ms is.
      if (intendedUs < until - 600_000) assert.equal(outcome, 'timeout');
      if (outcome === 'ok') {
        assert.ok(answeredUs >= until - 1_000, 'answered when the stall was over');
        assert.ok(answeredUs - intendedUs <= 600_000, 'answered before its time was over');
      } else assert.ok(answeredUs - intendedUs >= 600_000, 'given up when its time was over, not before');
    }
  });

  test('is refused by a server that was killed', async (context) => {
    const { url, server } = await nginx(context);
    const loaded = load({ url, load: { shape: 'flat', rate: '200/s' } }, { durationUs: 2_000_000 });
    await sleep((aheadUs + 1_000_000) / 1000);
    const killedUs = monotonicUs();
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    const endedUs = monotonicUs();
    const { rows } = await loaded;
    const before = rows.filter(({ answeredUs }) => answeredUs < killedUs);
    const after = rows.filter(({ sentUs }) => sentUs > endedUs);
    assert.deepEqual(count(before), { ok: before.length });
    // One more may go out on a connection whose end has not been noticed yet: that is an error.
    const { refused = 0, error = 0, ...others } = count(after);
    assert.deepEqual(others, {});
    assert.ok(before.length > 0 && refused > error);
  });

  test('says of each way to fail which one it was', async (context) => {
    const answer = (head: string, body: string): string => `HTTP/1.1 ${head}\r\n\r\n${body}`;
    const says = (text: string) => (socket: Socket) => void socket.write(text);
    const endsWith = (text: string) => (socket: Socket) => void socket.end(text);
    const ways: [Outcome, (socket: Socket) => void][] = [
      ['timeout', () => undefined],
      ['timeout', says(answer('200 OK\r\nContent-Length: 10', 'half'))],
      ['error', (socket) => void socket.resetAndDestroy()],
      ['error', endsWith(answer('200 OK\r\nContent-Length: 10', 'half'))],
      ['error', says(answer('503 Busy\r\nContent-Length: 2', 'ok'))],
      ['error', says('this is not HTTP\r\n\r\n')],
      ['wrong', says(answer('200 OK\r\nContent-Length: 2', 'no'))],
      ['ok', says(answer('200 OK\r\nContent-Length: 2', 'ok'))],
      ['ok', endsWith(answer('200 OK', 'ok'))],
    ];
    // Each way has a path of its own.
    const url = await serve(context, (socket) => {
      socket.once('data', (head) => ways[Number(/^GET \/(\d+) /.exec(head.toString())?.[1])]?.[1](socket));
    });
    const classes = ways.map((_, at) => ({ name: String(at), path: `/${at}`, expect: { body: 'ok' } }));
    const options = { url, classes, timeout: '5s', connections: 0, load: { shape: 'flat', rate: '100/s' } };
    const { rows } = await load(options);
    for (const [at, [outcome]] of ways.entries()) {
      const some = rows.filter(({ name }) => name === String(at));
      assert.ok(some.length > 0, `way ${at}`);
      assert.deepEqual(count(some), { [outcome]: some.length }, `way ${at}`);
    }
  });

  test('calls it an error where a connection is broken before it was asked for anything', async (context) => {
    const url = await serve(context, (socket) => void socket.resetAndDestroy());
    const { rows } = await load({ url, connections: 0, load: slow }, { durationUs: 500_000 });
    assert.deepEqual(count(rows), { error: 10 });
  });

  test('counts a timeout from the intended send, whatever is still outstanding', async (context) => {
    const url = await serve(context, () => undefined);
    const { rows } = await load({ url, timeout: '500ms', load: { shape: 'flat', rate: '200/s' } });
    assert.deepEqual(count(rows), { timeout: 200 });
    const waited = rows.map(({ intendedUs, answeredUs }) => answeredUs - intendedUs);
    assert.ok(Math.min(...waited) >= 500_000);
    // Behind a hundred others, the quickest is not given up after them: they would take most of a minute.
    const shortest = Math.min(...waited.slice(100));
    assert.ok(shortest < 25_000_000, `the soonest was given up after ${shortest} us`);
  });

  test('follows a ramp and a staircase', async (context) => {
    const { url } = await nginx(context);
    const inHalves = ({ rows, startUs }: Loaded): number[] => {
      const middle = startUs + 500_000;
      return [rows.filter((row) => row.intendedUs < middle).length, rows.length];
    };
    const ramp = await load({ url, load: { shape: 'ramp', from: '0/s', to: '400/s' } });
    assert.deepEqual(inHalves(ramp), [50, 200]);
    const stairs = await load({ url, load: { shape: 'staircase', from: '100/s', to: '300/s', steps: 2 } });
    assert.deepEqual(inHalves(stairs), [50, 200]);
  });
});
