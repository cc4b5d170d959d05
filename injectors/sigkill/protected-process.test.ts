import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { NamedProcess } from './named-process.ts';
import { refuseProtected } from './protected-process.ts';

function running(pid: number, given: Partial<NamedProcess> = {}): NamedProcess {
  return { pid, startTicks: 1, parent: 1, comm: 'any', program: 'any', ...given };
}

async function child(context: TestContext, argv: readonly string[]): Promise<number> {
  const [program = '', ...args] = argv;
  const started = spawn(program, args, { stdio: 'ignore' });
  context.after(() => started.kill('SIGKILL'));
  await once(started, 'spawn');
  assert.ok(started.pid !== undefined);
  return started.pid;
}

/** Above the largest pid that Linux gives: what is said of it, is said by its names. */
const nobody = 2 ** 22 + 1;

for (const [who, one, because] of [
  ["the host's init", running(1), /the host's init/],
  ['the agent', running(process.pid), /the agent of this host/],
  ['what the agent was started from', running(process.ppid), /the agent was started from it/],
  ['the parent of the threads of the kernel', kernelThread(2, 0), /a thread of the kernel/],
  ['a thread of the kernel', kernelThread(nobody, 2), /a thread of the kernel/],
] as const) {
  for (const kind of ['container', 'host'] as const) {
    test(`${who} is protected on a ${kind}, and with it all that were chosen`, async () => {
      const refused = refuseProtected([running(nobody), one], kind);
      await assert.rejects(refused, { code: 'PROTECTED_TARGET', message: because });
    });
  }
}

test('the fault of another injection is protected', async (context) => {
  const hog = await child(context, ['perl', '-e', 'sleep 600', 'ordeal:cpu-burn:i-1']);
  await assert.rejects(refuseProtected([running(hog)], 'container'), /the fault of another injection/);
});

test('another process that runs the program of this one is protected, by whatever path it was named', async (context) => {
  const own = process.argv[1] ?? '';
  const pid = await child(context, ['perl', '-e', 'sleep 600', own.replace(/\/([^/]*)$/, '/./$1')]);
  await assert.rejects(refuseProtected([running(pid)], 'container'), /it runs Ordeal/);
});

test('what the agent started is protected on its host, and a target in a container', async (context) => {
  const pid = await child(context, ['sleep', '600']);
  await assert.rejects(refuseProtected([running(pid)], 'host'), /Ordeal has started it/);
  await refuseProtected([running(pid)], 'container');
});

test('the logins are protected on a host, and not what is called so in a container', async () => {
  const sshd = running(nobody, { comm: 'sshd', program: 'sshd' });
  await assert.rejects(refuseProtected([sshd], 'host'), /people reach this host through it/);
  await refuseProtected([sshd], 'container');
});

function kernelThread(pid: number, parent: number): NamedProcess {
  return { pid, startTicks: 1, parent, comm: 'kworker' };
}
