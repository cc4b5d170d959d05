import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Injector } from '../../injectors/injector.ts';
import type { HostTarget } from '../../injectors/target.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { injectionOn, onThisHost, skip, TestContainer } from './injector-bed.ts';

function sigkill(): Injector {
  const injector = makeInjectors().get('sigkill');
  assert.ok(injector);
  return injector;
}

async function isDead(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '0 (gone) X');
  return /\) [ZX]/.test(stat);
}

async function deadAmong(pids: readonly number[]): Promise<number[]> {
  const dead = await Promise.all(pids.map(isDead));
  return pids.filter((_, index) => dead[index]);
}

/** A program that does nothing, under a name that no other process of this machine has. */
async function idler(context: TestContext): Promise<{ path: string; name: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ordtest-'));
  context.after(async () => {
    await rm(folder, { recursive: true });
  });
  const name = `ordt-${randomBytes(4).toString('hex')}`;
  const path = join(folder, name);
  await copyFile('/bin/sleep', path);
  return { path, name };
}

/** Starts it as a service of the host is: init is its parent, not the process that asks for the fault. */
async function serve(
  context: TestContext,
  program: { path: string; name: string },
  entering: readonly string[] = [],
): Promise<number> {
  const before = await pidsNamed(program.name);
  const starter = spawn('setsid', ['--fork', ...entering, program.path, '600'], { stdio: 'ignore' });
  await once(starter, 'exit');
  for (;;) {
    const pid = (await pidsNamed(program.name)).find((one) => !before.includes(one));
    if (pid === undefined) {
      await sleep(2);
      continue;
    }
    context.after(async () => {
      if (!(await isDead(pid))) process.kill(pid, 'SIGKILL');
    });
    return pid;
  }
}

async function pidsNamed(name: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const comms = await Promise.all(
    pids.map(async (pid) => await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => comms[index]?.trim() === name);
}

async function hostTarget(): Promise<HostTarget> {
  return { kind: 'host', ...(await onThisHost()) };
}

describe('sigkill by name', { skip }, () => {
  test('kills in a container only what bears the name, and says how many and when', async (context) => {
    const [named, other] = [await idler(context), await idler(context)];
    const container = await TestContainer.make(context);
    const neighbour = await TestContainer.make(context);
    const meant = [await container.start([named.path, '600']), await container.start([named.path, '600'])];
    const spared = [
      await container.start([other.path, '600']),
      await neighbour.start([named.path, '600']),
      await serve(context, named),
    ];
    const injection = injectionOn(await container.target(), { parameters: { process: named.name } });
    const injector = sigkill();
    const memory = await injector.capture(injection);
    assert.deepEqual(await injector.effects(injection, memory), { count: 0 });
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    const afterUs = monotonicUs();
    assert.deepEqual(await deadAmong([...meant, ...spared]), meant);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    const { count, firstUs = 0, lastUs = 0, remark } = await injector.revert(injection, memory);
    assert.equal(count, 2);
    assert.equal(remark, undefined);
    assert.ok(beforeUs <= firstUs && firstUs <= lastUs && lastUs <= afterUs);
  });

  test('counts what it has killed, and tells what had ended before', async (context) => {
    const named = await idler(context);
    const container = await TestContainer.make(context);
    const first = await container.start([named.path, '600']);
    await container.start([named.path, '600']);
    const injection = injectionOn(await container.target(), { parameters: { process: named.name } });
    const injector = sigkill();
    const memory = await injector.capture(injection);
    process.kill(first, 'SIGKILL');
    while (!(await isDead(first))) await sleep(2);
    const successor = await container.start([named.path, '600']);
    await injector.apply(injection, memory);
    const { count, remark } = await injector.revert(injection, memory);
    assert.equal(count, 1);
    assert.equal(remark, '1 of 2 had ended before they could be killed');
    assert.ok(!(await isDead(successor)), 'what was started since is another process');
  });

  test('kills on a host what no container holds', async (context) => {
    const named = await idler(context);
    const meant = [await serve(context, named), await serve(context, named)];
    const spared = [
      await serve(context, named, ['unshare', '--net']),
      await serve(context, named, ['unshare', '--pid', '--fork']),
    ];
    const injection = injectionOn(await hostTarget(), { parameters: { process: named.name } });
    const injector = sigkill();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await deadAmong([...meant, ...spared]), meant);
    assert.equal((await injector.revert(injection, memory)).count, 2);
  });

  test('refuses on a host what Ordeal runs as, and a host without a name', async () => {
    const target = await hostTarget();
    const own = (await readFile('/proc/self/comm', 'utf8')).trim();
    await assert.rejects(sigkill().capture(injectionOn(target, { parameters: { process: own } })), {
      code: 'PROTECTED_TARGET',
    });
    await assert.rejects(sigkill().capture(injectionOn(target)), {
      code: 'INVALID_INPUT',
      message: /needs a process/,
    });
  });

  test('refuses a name that is not there, with the nearest that is', async (context) => {
    const named = await idler(context);
    const container = await TestContainer.make(context);
    await container.start([named.path, '600']);
    const misspelt = injectionOn(await container.target(), { parameters: { process: `${named.name}x` } });
    await assert.rejects(sigkill().capture(misspelt), {
      code: 'NO_TARGET',
      message: new RegExp(`did you mean "${named.name}"`),
    });
  });
});
