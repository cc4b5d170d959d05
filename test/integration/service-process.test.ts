import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { Counter, Registry } from 'prom-client';
import { startHttpStatus } from '../../service/http-status.ts';

const service = (file: string): string => JSON.stringify(join(import.meta.dirname, '../../service', file));

/** A process whose `running` is given; it is signalled each time it says "ready" or "again". */
async function processWith(running: string, signals: readonly NodeJS.Signals[], deadlineMs = 5_000) {
  const program = `
    import { createLog } from ${service('log.ts')};
    import { shutdownOnSignals } from ${service('shutdown.ts')};
    const log = createLog('tested').child({ campaign: 'c1', trial: 't1' });
    setInterval(() => {}, 1000);
    shutdownOnSignals({ log, deadlineMs: ${deadlineMs}, running: [${running}] });
    process.stdout.write('ready');`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  const toSend = [...signals];
  child.stdout.on('data', () => {
    const signal = toSend.shift();
    if (signal !== undefined) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = log
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return { code, lines: lines as Record<string, unknown>[] };
}

const quick = (name: string): string =>
  `{ name: '${name}', stop: async () => { log.info({ stopped: '${name}' }, 'stopped'); } }`;
const stuck = `{ name: 'stuck', stop: () => { process.stdout.write('again'); return new Promise(() => {}); } }`;

test('a signal stops everything in its order, and the process ends well', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { code, lines } = await processWith(`${quick('first')}, ${quick('second')}`, [signal]);
    assert.equal(code, 0);
    assert.deepEqual(
      lines.flatMap(({ stopped }) => stopped ?? []),
      ['first', 'second'],
    );
  }
});

test('a log line is JSON and carries the name of the process, the campaign and the trial', async () => {
  const { lines } = await processWith(quick('first'), ['SIGTERM']);
  const line = lines.find(({ stopped }) => stopped === 'first');
  assert.ok(line);
  assert.deepEqual([line.name, line.campaign, line.trial, line.msg], ['tested', 'c1', 't1', 'stopped']);
});

test('what does not stop is named after the deadline', async () => {
  const { code, lines } = await processWith(
    `${quick('first')}, ${stuck}, ${quick('last')}`,
    ['SIGTERM'],
    300,
  );
  assert.equal(code, 1);
  assert.deepEqual(lines.at(-1)?.left, ['stuck', 'last']);
  assert.equal(lines.at(-1)?.msg, 'not all has ended within 0.3 s');
});

test('a second signal ends the process at once', async () => {
  const { code, lines } = await processWith(stuck, ['SIGINT', 'SIGINT'], 20_000);
  assert.equal(code, 1);
  assert.equal(lines.at(-1)?.msg, 'ends at once: SIGINT came again');
});

test('one that fails to stop is told of and does not keep the next ones from stopping', async () => {
  const failing = `{ name: 'failing', stop: () => Promise.reject(new Error('no')) }`;
  const { code, lines } = await processWith(`${failing}, ${quick('next')}`, ['SIGTERM']);
  assert.equal(code, 1);
  assert.ok(lines.some(({ why, name }) => why === 'no' && name === 'failing'));
  assert.ok(lines.some(({ stopped }) => stopped === 'next'));
});

test('/metrics and /healthz answer on loopback', async () => {
  const registry = new Registry();
  new Counter({ name: 'ordeal_tested_total', help: 'x', registers: [registry] }).inc(3);
  let problem: string | undefined;
  const status = await startHttpStatus({ address: '127.0.0.1:0', registry, unhealthy: () => problem });
  try {
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`http://${status.address}${path}`);
      return [response.status, await response.text()];
    };
    const [code, metrics] = await get('/metrics');
    assert.equal(code, 200);
    assert.match(metrics, /^ordeal_tested_total 3$/m);
    assert.match(metrics, /^process_cpu_seconds_total /m);
    assert.deepEqual(await get('/healthz'), [200, 'ok\n']);
    problem = 'NATS is away';
    assert.deepEqual(await get('/healthz'), [503, 'NATS is away\n']);
    assert.equal((await get('/other'))[0], 404);
    await assert.rejects(
      startHttpStatus({ address: status.address, registry: new Registry(), unhealthy: () => undefined }),
      { code: 'PORT_TAKEN', message: `${status.address} is taken by another process` },
    );
  } finally {
    await Promise.all([status.stop(), status.stop()]);
  }
});

test('/metrics is refused to anything but loopback', async () => {
  for (const address of ['0.0.0.0:0', '192.0.2.1:80', 'example.org:80', '127.0.0.1', '::1:80']) {
    await assert.rejects(startHttpStatus({ address, registry: new Registry(), unhealthy: () => undefined }), {
      code: 'INVALID_INPUT',
    });
  }
});
