import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import { checkService, launchDriver } from '../../workload/launch.ts';
import { freePort } from '../free-port.ts';
import { echoDriver } from './echo-load/driver.ts';

/** What the server does with the n-th connection that it gets. */
type Manner = (socket: Socket, n: number) => void;

const echoes: Manner = (socket) => void socket.pipe(socket);
const standsStill: Manner = (socket) => void socket.resume();

async function serve(context: TestContext, manner: Manner): Promise<number> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    manner(socket, connections);
    connections += 1;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

interface Load {
  readonly options: unknown;
  readonly durationUs: number;
  readonly onRows?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

interface Row {
  readonly offsetUs: number;
  readonly waitedUs: number;
  readonly earlyUs: number;
  readonly outcome: Outcome | undefined;
}

async function load({ options, durationUs, onRows, signal }: Load): Promise<Row[]> {
  const startUs = monotonicUs() + 1_500_000;
  const rows: Row[] = [];
  const { rows: said } = await launchDriver({
    driver: echoDriver,
    options: echoDriver.options.parse(options),
    startUs,
    durationUs,
    seed: 7,
    onFrame: (_classes, { intendedUs, sentUs, answeredUs, outcome }) => {
      intendedUs.forEach((intended, row) => {
        rows.push({
          offsetUs: Math.round(intended - startUs),
          waitedUs: (answeredUs[row] ?? 0) - intended,
          earlyUs: intended - (sentUs[row] ?? 0),
          outcome: outcomes[outcome[row] ?? -1],
        });
      });
      onRows?.(rows.length);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  assert.equal(said, rows.length);
  return rows.sort((one, other) => one.offsetUs - other.offsetUs);
}

const everyTenMs = (count: number): number[] => Array.from({ length: count }, (_, n) => n * 10_000);

// Each waits for a driver more than it computes.
describe('a workload by the words of the document', { concurrency: 3 }, () => {
  test('sends on while the server stands still, as its schedule wants it', async (context) => {
    const waiting: Socket[] = [];
    // It answers nobody before the last one has asked: a load that waited for answers would get none in time.
    const port = await serve(context, (socket) => {
      waiting.push(socket);
      if (waiting.length === 40) for (const one of waiting) one.pipe(one);
    });
    const rows = await load({ options: { port, timeoutMs: 10_000 }, durationUs: 400_000 });
    assert.deepEqual(
      rows.map(({ offsetUs, outcome }) => [offsetUs, outcome]),
      everyTenMs(40).map((offsetUs) => [offsetUs, 'ok']),
    );
    assert.ok(rows.every(({ earlyUs }) => earlyUs <= 0));
  });

  test('gives a request up when the time of its intended send is over, and not before', async (context) => {
    const port = await serve(context, standsStill);
    const rows = await load({ options: { port, timeoutMs: 100 }, durationUs: 100_000 });
    assert.equal(rows.length, 10);
    assert.ok(rows.every(({ outcome, waitedUs }) => outcome === 'timeout' && waitedUs >= 100_000));
  });

  test('tells the outcomes apart', async (context) => {
    const manners: readonly Manner[] = [
      echoes,
      standsStill,
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
      (socket) => void socket.once('data', () => socket.end('another line\n')),
    ];
    const port = await serve(context, (socket, n) => manners[n]?.(socket, n));
    // So far apart that the connections come in the order of the requests.
    const rows = await load({ options: { port, perSecond: 5, timeoutMs: 4000 }, durationUs: 800_000 });
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ['ok', 'timeout', 'error', 'wrong'],
    );
  });

  test('calls it refused where nobody listens', async () => {
    const rows = await load({ options: { port: await freePort() }, durationUs: 50_000 });
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      new Array(5).fill('refused'),
    );
  });

  test('hands over the rows so far when it is told to end', async (context) => {
    const port = await serve(context, echoes);
    const ending = new AbortController();
    const onRows = (): void => ending.abort();
    const rows = await load({ options: { port }, durationUs: 60_000_000, onRows, signal: ending.signal });
    assert.ok(rows.length > 0 && rows.length < 6_000);
    const offsets = new Set(rows.map(({ offsetUs }) => offsetUs));
    assert.equal(offsets.size, rows.length);
    assert.ok([...offsets].every((offsetUs) => offsetUs % 10_000 === 0));
  });

  test('says whether the server is healthy, and what it found', async (context) => {
    const healthy = await checkService(echoDriver, { port: await serve(context, echoes) });
    assert.deepEqual(healthy, { healthy: true, found: 'the answer was: ok' });
    const down = await checkService(echoDriver, { port: await freePort() });
    assert.deepEqual(down, { healthy: false, found: 'the answer was: refused' });
  });
});
