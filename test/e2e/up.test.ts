import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { ordeal, startOrdeal } from './command-line.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

/** Of its control, its metrics and its event store. */
const port = String(await freePort(3));

describe('ordeal up', () => {
  let clean: string[];
  let directory: string;
  let running: ReturnType<typeof startOrdeal>;
  let said = '';

  before(async () => {
    clean = await machineFingerprint();
    directory = await mkdtemp(join(tmpdir(), 'ordeal-e2e-up-'));
    running = startOrdeal(['up', '--port', port, '--embedded', 'up'], surroundings());
    running.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    running.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await until('it says that it is up', () =>
      Promise.resolve(said.includes('Ordeal is up') || running.exitCode !== null),
    );
    assert.equal(running.exitCode, null, said);
  });
  after(async () => {
    // On SIGTERM it takes everything along; where it cannot, its children end by themselves, but nobody removes the target.
    if (running.exitCode === null && running.signalCode === null) {
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      const tooLong = setTimeout(() => running.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(tooLong);
    }
    await ordeal(['embedded', 'down', '--name', 'up'], { ...surroundings(), cwd: tmpdir() });
    await rm(directory, { recursive: true, force: true });
  });

  function surroundings(): Parameters<typeof ordeal>[1] {
    return { cwd: directory, env: { ORDEAL_HOME: join(directory, 'home') } };
  }

  test('has a tester and the two hosts of the embedded target', async () => {
    const { code, stdout, stderr } = await ordeal(['hosts'], surroundings());
    assert.equal(code, 0, stderr);
    for (const host of ['tester', 'host-1', 'host-2'])
      assert.match(stdout, new RegExp(`^${host}  connected`, 'm'));
  });

  test('refuses a second one from the same home, plainly', async () => {
    const { code, stderr } = await ordeal(['up', '--port', String(await freePort(3))], surroundings());
    assert.equal(code, 2);
    assert.match(stderr, /already runs/);
  });

  test('SIGTERM during a fault ends it all, also where nobody listens any more: the fault, the processes, the embedded target', async () => {
    const target = [
      '--mechanism',
      'cgroup-freeze',
      '--host',
      'host-1',
      '--target',
      'container/web',
      '--for',
      '10m',
    ];
    const injected = await ordeal(['inject', 'virtual.cpu.unavailability', ...target], surroundings());
    assert.equal(injected.code, 0, injected.stderr);
    running.stdout.destroy();
    running.stderr.destroy();
    running.kill('SIGTERM');
    const [exitCode] = (await once(running, 'exit')) as [number | null];
    assert.equal(exitCode, 0, said);
    await rm(directory, { recursive: true, force: true });
    await assertLeftAsFound(clean);
  });
});
