import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { machineFingerprint } from '../integration/machine-fingerprint.ts';
import { until } from './deployment.ts';

const main = join(import.meta.dirname, '../../dist/cli/main.js');

/** Away from the ports that a user's own `ordeal up` has. */
const port = '17700';

describe('ordeal up', () => {
  let clean: string[];
  let directory: string;
  let running: ChildProcess;
  let said = '';

  before(async () => {
    clean = await machineFingerprint();
    directory = await mkdtemp(join(tmpdir(), 'ordeal-up-'));
    running = start('up', '--port', port, '--embedded', 'up');
    running.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    running.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await until('it says that it is up', () =>
      Promise.resolve(said.includes('Ordeal is up') || running.exitCode !== null),
    );
    assert.equal(running.exitCode, null, said);
  });
  after(async () => {
    if (running.exitCode === null) running.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  function start(...args: string[]): ChildProcess {
    return spawn(process.execPath, [main, ...args], {
      cwd: directory,
      env: { ...process.env, ORDEAL_HOME: join(directory, 'home') },
    });
  }

  async function ordeal(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = start(...args);
    let output = '';
    child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  test('has a tester and the two hosts of the embedded target', async () => {
    const { code, output } = await ordeal('hosts');
    assert.equal(code, 0, output);
    for (const host of ['tester', 'host-1', 'host-2'])
      assert.match(output, new RegExp(`^${host}  connected`, 'm'));
  });

  test('refuses a second one from the same home, plainly', async () => {
    const { code, output } = await ordeal('up', '--port', '18700');
    assert.equal(code, 2);
    assert.match(output, /already runs/);
  });

  test('SIGTERM during a fault ends it all: the fault, the processes, the embedded target', async () => {
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
    const { code, output } = await ordeal('inject', 'virtual.cpu.unavailability', ...target);
    assert.equal(code, 0, output);
    running.kill('SIGTERM');
    const [exitCode] = (await once(running, 'exit')) as [number | null];
    assert.equal(exitCode, 0, said);
    await rm(directory, { recursive: true, force: true });
    assert.deepEqual(await machineFingerprint(), clean);
  });
});
