import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Outcome } from '../../events/sample-columns.ts';
import { aheadUs, count, load, type Loaded, type Row } from './workload-load.ts';
import { content, nginx, serve } from './workload-servers.ts';

const slow = { shape: 'flat', rate: '20/s' };

describe('the HTTP load', () => {
  test('sends all of its schedule to an nginx that is well, on time', async (context) => {
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
    const lateness = rows.map(({ intendedUs, sentUs }) => sentUs - intendedUs).sort((a, b) => a - b);
    assert.ok((lateness[125] ?? Infinity) < 5_000, `the median send was ${lateness[125]} us late`);
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
    const inside = rows.filter(({ intendedUs }) => intendedUs >= from && intendedUs < until - 50_000);
    assert.ok(Math.abs(inside.length - (until - from - 50_000) / 4000) <= 1);
    for (const { intendedUs, answeredUs, outcome } of inside) {
      // The stall is over before the time of those that came in its last 600 ms is; near that edge both can be.
      if (intendedUs < until - 650_000) assert.equal(outcome, 'timeout');
      if (intendedUs > until - 550_000) assert.equal(outcome, 'ok');
      if (outcome === 'ok') assert.ok(answeredUs >= until - 1_000, 'answered when the stall was over');
      else assert.ok(answeredUs - intendedUs >= 600_000, 'given up when its time was over, not before');
    }
    const lost = count(rows).timeout ?? 0;
    assert.ok(lost > 80 && lost < 130, `${lost} timeouts`);
  });

  test('is refused by a server that was killed', async (context) => {
    const { url, server } = await nginx(context);
    const killed = sleep((aheadUs + 500_000) / 1000).then(() => {
      server.kill('SIGKILL');
      return monotonicUs();
    });
    const { rows } = await load({ url, load: { shape: 'flat', rate: '200/s' } });
    const atUs = await killed;
    const before = rows.filter(({ answeredUs }) => answeredUs < atUs);
    const after = rows.filter(({ intendedUs }) => intendedUs > atUs + 50_000);
    assert.deepEqual(count(before), { ok: before.length });
    assert.deepEqual(count(after), { refused: after.length });
    assert.ok(before.length > 50 && after.length > 50);
  });

  test('says of each way to fail which one it was', async (context) => {
    const answer = (head: string, body: string): string => `HTTP/1.1 ${head}\r\n\r\n${body}`;
    const whenAsked = (treat: (socket: Socket) => void) => (socket: Socket) =>
      void socket.once('data', () => treat(socket));
    const says = (text: string) => whenAsked((socket) => void socket.write(text));
    const endsWith = (text: string) => whenAsked((socket) => void socket.end(text));
    const ways: [Outcome, (socket: Socket) => void][] = [
      ['timeout', () => undefined],
      ['timeout', says(answer('200 OK\r\nContent-Length: 10', 'half'))],
      ['error', (socket) => void socket.resetAndDestroy()],
      ['error', whenAsked((socket) => void socket.resetAndDestroy())],
      ['error', endsWith(answer('200 OK\r\nContent-Length: 10', 'half'))],
      ['error', says(answer('503 Busy\r\nContent-Length: 2', 'ok'))],
      ['error', says('this is not HTTP\r\n\r\n')],
      ['wrong', says(answer('200 OK\r\nContent-Length: 2', 'no'))],
      ['ok', says(answer('200 OK\r\nContent-Length: 2', 'ok'))],
      ['ok', endsWith(answer('200 OK', 'ok'))],
    ];
    for (const [at, [outcome, treat]] of ways.entries()) {
      const url = await serve(context, treat);
      const options = { url, expect: { body: 'ok' }, timeout: '300ms', connections: 0, load: slow };
      const { rows } = await load(options, { durationUs: 500_000 });
      assert.deepEqual(count(rows), { [outcome]: 10 }, `way ${at}`);
    }
  });

  test('counts a timeout from the intended send, whatever is still outstanding', async (context) => {
    const url = await serve(context, () => undefined);
    const { rows } = await load({ url, timeout: '500ms', load: { shape: 'flat', rate: '1000/s' } });
    assert.deepEqual(count(rows), { timeout: 1000 });
    const waited = rows.map(({ intendedUs, answeredUs }) => answeredUs - intendedUs).sort((a, b) => a - b);
    assert.ok((waited[0] ?? 0) >= 500_000);
    assert.ok((waited[500] ?? Infinity) < 550_000, `the median was given up after ${waited[500]} us`);
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
