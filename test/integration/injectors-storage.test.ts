import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, statfs, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Injection, Injector } from '../../injectors/injector.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { injectionOn, onThisHost, skip, TestContainer } from './injector-bed.ts';
import { filesystemBytes, TestFilesystem, Writer } from './test-filesystem.ts';

function diskFill(spared?: readonly string[]): Injector {
  const injector = makeInjectors(spared).get('disk-fill');
  assert.ok(injector);
  return injector;
}

async function onHost(directory: string, given: Partial<Injection> = {}): Promise<Injection> {
  const target = { kind: 'host', ...(await onThisHost()) } as const;
  return injectionOn(target, { parameters: { directory }, ...given });
}

async function idle(context: TestContext): Promise<TestContainer> {
  const container = await TestContainer.make(context);
  await container.start(['sleep', '600']);
  return container;
}

async function ownHandles(injection: Injection): Promise<readonly string[]> {
  return (await diskFill().handles([injection.target])).filter((handle) => handle.includes(injection.id));
}

async function agentWith(context: TestContext, injection: Injection): Promise<ReturnType<typeof spawn>> {
  const memory = await diskFill().capture(injection);
  const script = new URL('./injecting-process.ts', import.meta.url).pathname;
  const given = JSON.stringify({ mechanism: 'disk-fill', injection, memory });
  const agent = spawn(process.execPath, ['--import', 'tsx', script, given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => agent.kill('SIGKILL'));
  await once(agent.stdout, 'data');
  return agent;
}

describe('disk-fill', { skip }, () => {
  test('leaves the container no space where it alone sees the filesystem, and what else has that name its own', async (context) => {
    const outside = await TestFilesystem.make(context);
    const container = await TestContainer.make(context);
    const victim = await Writer.startApart(container, outside.directory);
    const neighbour = await Writer.start(await TestContainer.make(context), outside.directory);
    const inside = `/proc/${victim.pid}/root${outside.directory}`;
    assert.equal(await victim.says(), 'wrote');
    const before = await victim.still(async () => await statfs(inside));
    const injector = diskFill();
    const parameters = { directory: outside.directory };
    const injection = injectionOn(await container.target(), { parameters });
    const memory = await victim.still(async () => {
      const captured = await injector.capture(injection);
      await injector.apply(injection, captured);
      return captured;
    });
    assert.equal(await victim.says(), 'No space left on device', 'it writes nothing, and reads as before');
    assert.equal(await neighbour.says(), 'wrote');
    assert.ok((await outside.freeBytes()) > filesystemBytes - (1 << 20));
    assert.ok((await ownHandles(injection)).length > 0);
    const { count, dose, firstUs = 0, lastUs = 0, offUs = 0 } = await injector.revert(injection, memory);
    assert.equal(await victim.says(), 'wrote');
    assert.ok(typeof count === 'number' && count >= 15, `it took ${count} MiB of 16`);
    assert.ok(dose !== undefined && dose.unit === 'bytes' && dose.achieved <= dose.asked);
    assert.ok(dose.achieved > filesystemBytes - (1 << 20), JSON.stringify(dose));
    assert.ok(firstUs > 0 && firstUs <= lastUs && lastUs <= offUs);
    assert.deepEqual(await ownHandles(injection), []);
    const after = await victim.still(async () => await statfs(inside));
    assert.deepEqual([after.bfree, after.ffree], [before.bfree, before.ffree]);
  });

  test('leaves a filesystem of the host as much as was asked for, and another one all', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const other = await TestFilesystem.make(context);
    const parameters = { directory: filesystem.directory, leave: '25%' };
    const injection = await onHost(filesystem.directory, { parameters });
    const injector = diskFill();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.equal(await filesystem.freeBytes(), filesystemBytes / 4);
    assert.equal(await other.freeBytes(), filesystemBytes);
    const { count, dose } = await injector.revert(injection, memory);
    const taken = (filesystemBytes * 3) / 4;
    assert.deepEqual({ count, dose }, { count: 12, dose: { unit: 'bytes', asked: taken, achieved: taken } });
    assert.equal(await filesystem.freeBytes(), filesystemBytes);
  });

  test('stays when the container is made to restart', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const container = await TestContainer.make(context);
    const init = await container.start(['sleep', '600']);
    const injection = injectionOn(await container.target(), {
      parameters: { directory: filesystem.directory },
    });
    const injector = diskFill();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    process.kill(init, 'SIGKILL');
    await container.start(['sleep', '600']);
    assert.equal(await filesystem.freeBytes(), 0);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    await injector.revert(injection, memory);
    assert.equal(await filesystem.freeBytes(), filesystemBytes);
  });

  test('gives the space back when the agent is killed', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const injection = await onHost(filesystem.directory);
    const agent = await agentWith(context, injection);
    assert.equal(await filesystem.freeBytes(), 0);
    agent.kill('SIGKILL');
    while ((await filesystem.freeBytes()) < filesystemBytes) await sleep(5);
    while ((await ownHandles(injection)).length > 0) await sleep(5);
  });

  test('gives the space back by its own clock', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const injection = await onHost(filesystem.directory, { durationUs: 100_000 });
    const injector = diskFill();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    while ((await filesystem.freeBytes()) < filesystemBytes) await sleep(5);
    assert.match(JSON.stringify(await injector.verify(injection, memory, 'applied')), /no process holds/);
    assert.equal((await injector.revert(injection, memory)).count, 'unknown');
  });

  test("refuses the filesystem of the agent's state, by whatever path", async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const state = join(filesystem.directory, 'state');
    await mkdir(state);
    const container = await idle(context);
    const parameters = { directory: filesystem.directory };
    for (const injection of [
      await onHost(filesystem.directory),
      injectionOn(await container.target(), { parameters }),
    ]) {
      await assert.rejects(diskFill([state]).capture(injection), {
        code: 'PROTECTED_TARGET',
        message: /Ordeal keeps its own/,
      });
    }
    await assert.rejects(diskFill().capture(await onHost('/')), { code: 'PROTECTED_TARGET' });
    assert.equal(await filesystem.freeBytes(), filesystemBytes);
  });

  test('refuses what cannot be filled, what is full already, and what is not there', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    for (const directory of ['/proc', '/sys', '/dev/pts']) {
      await assert.rejects(diskFill().capture(await onHost(directory)), { code: 'UNSUPPORTED' });
    }
    const missing = await onHost(join(filesystem.directory, 'missing'));
    await assert.rejects(diskFill().capture(missing), { code: 'NO_TARGET', message: /missing is not there/ });
    const leave = `${filesystemBytes}B`;
    const full = await onHost(filesystem.directory, {
      parameters: { directory: filesystem.directory, leave },
    });
    await assert.rejects(diskFill().capture(full), { code: 'INVALID_INPUT', message: /nothing would be/ });
  });

  test('follows no symbolic link, also not one that came after it was prepared', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const other = await TestFilesystem.make(context);
    const directory = join(filesystem.directory, 'data');
    await mkdir(directory);
    const container = await idle(context);
    const injection = injectionOn(await container.target(), { parameters: { directory } });
    const injector = diskFill();
    const memory = await injector.capture(injection);
    await rm(directory, { recursive: true });
    await symlink(other.directory, directory);
    await assert.rejects(injector.apply(injection, memory), {
      code: 'APPLY_FAILED',
      message: /symbolic link/,
    });
    await assert.rejects(injector.capture(injection), { code: 'NO_TARGET', message: /symbolic link/ });
    assert.equal(await other.freeBytes(), filesystemBytes);
  });
});
