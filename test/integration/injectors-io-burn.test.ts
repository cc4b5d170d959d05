import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { run } from '../../command/run.ts';
import { youngestOf } from '../../injectors/hog/removal.ts';
import type { Injection, Injector } from '../../injectors/injector.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { readOfProcess } from '../../procfs/stat.ts';
import { injectionOn, onThisHost, skip, TestContainer } from './injector-bed.ts';
import { waitedForDiskUs, withoutPressure } from './pressure.ts';
import { TestFilesystem } from './test-filesystem.ts';

function ioBurn(own?: readonly string[]): Injector {
  const injector = makeInjectors(own).get('io-burn');
  assert.ok(injector);
  return injector;
}

/** A directory on the disk of the machine: what is in memory has none. */
async function onDisk(context: TestContext): Promise<string> {
  const directory = await mkdtemp('/var/tmp/ordtest-io-burn-');
  context.after(async () => {
    await rm(directory, { recursive: true });
  });
  return directory;
}

const withoutOverlay = readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n')
  ? false
  : 'this kernel has no overlay';

/** An overlay, as a container's root is one, of which only the filesystem below knows what is behind it; it goes with that one. */
async function overlayOn(below: string): Promise<string> {
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => join(below, name));
  assert.ok(lower !== undefined && upper !== undefined && work !== undefined && merged !== undefined);
  for (const directory of [lower, upper, work, merged]) await mkdir(directory);
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  await run('mount', ['-t', 'overlay', '-o', options, 'ordtest', merged]);
  return merged;
}

/** Few requests, so that the disk is left to others, for tests that are not about how slow it gets. */
async function onHost(directory: string, given: Partial<Injection> = {}): Promise<Injection> {
  const parameters = { directory, burners: 2, requests: 100, size: '1MiB' };
  return injectionOn({ kind: 'host', ...(await onThisHost()) }, { parameters, ...given });
}

async function ownHandles(injection: Injection): Promise<readonly string[]> {
  return (await ioBurn().handles([injection.target])).filter((handle) => handle.includes(injection.id));
}

async function burnersOf(injection: Injection): Promise<number[]> {
  const processes = (await ownHandles(injection)).map((handle) => Number(/\d+/.exec(handle)?.[0]));
  return await youngestOf(processes);
}

/** What a process has had sent to a disk, as the kernel counts it. */
async function sentBytesBy(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8');
  return Number(/^write_bytes: (\d+)$/m.exec(text)?.[1]);
}

/** A program that sleeps is in memory, and needs no disk from then on. */
async function asleep(pid: number): Promise<void> {
  while (!/^State:\tS/m.test((await readOfProcess(pid, 'status')) ?? '')) await sleep(2);
}

describe('io-burn', { skip }, () => {
  test(
    'has a container wait for its disk, by requests that reach the disk, and its neighbour not',
    { skip: withoutPressure },
    async (context) => {
      const directory = await onDisk(context);
      const [container, neighbour] = [await TestContainer.make(context), await TestContainer.make(context)];
      for (const idle of [container, neighbour]) await asleep(await idle.start(['sleep', 'infinity']));
      const injector = ioBurn();
      const parameters = { directory, burners: 8, block: '256KiB', size: '4MiB' };
      const injection = injectionOn(await container.target(), { parameters });
      const memory = await injector.capture(injection);
      const [before, besideBefore] = [await waitedForDiskUs(container), await waitedForDiskUs(neighbour)];
      await injector.apply(injection, memory);
      const burners = await burnersOf(injection);
      assert.equal(burners.length, 8);
      for (const burner of burners) while ((await sentBytesBy(burner)) < 256 * 1024) await sleep(20);
      while ((await waitedForDiskUs(container)) - before < 100_000) await sleep(20);
      const { count } = await injector.revert(injection, memory);
      assert.ok(typeof count === 'number' && count >= 8);
      assert.equal(await waitedForDiskUs(neighbour), besideBefore);
    },
  );

  test('makes no more requests on a host than were asked for, and leaves nothing', async (context) => {
    const directory = await onDisk(context);
    const injection = await onHost(directory);
    const injector = ioBurn(['/dev/shm']);
    const memory = await injector.capture(injection);
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    while (Number((await injector.effects(injection, memory)).count) < 50) await sleep(20);
    const {
      count,
      dose,
      firstUs = 0,
      lastUs = 0,
      offUs = 0,
      remark,
    } = await injector.revert(injection, memory);
    assert.ok(dose !== undefined && dose.unit === 'requests a second' && dose.asked === 100);
    // Each of the two begins with a block, is one request ahead at the most, and tells the time by hundredths of a second.
    const most = ((offUs - beforeUs) / 1_000_000) * 100 + 2 * 3;
    assert.ok(typeof count === 'number' && count <= most, `${count} requests, ${most} at the most`);
    assert.ok(dose.achieved > 0 && firstUs > 0 && firstUs <= lastUs && lastUs <= offUs);
    assert.equal(remark, undefined);
    assert.deepEqual(await ownHandles(injection), []);
    assert.deepEqual(await readdir(directory), []);
  });

  test("says that the agent's own state was slowed where that is on the same filesystem", async (context) => {
    const injection = await onHost(await onDisk(context));
    const injector = ioBurn([await onDisk(context)]);
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.match((await injector.revert(injection, memory)).remark ?? '', /where Ordeal keeps its own/);
  });

  test('says how many burners somebody else has ended, and does not hold when all have', async (context) => {
    const injection = await onHost(await onDisk(context));
    const injector = ioBurn();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    for (const burner of await burnersOf(injection)) process.kill(burner, 'SIGKILL');
    while ((await injector.verify(injection, memory, 'applied')).holds) await sleep(5);
    const { remark } = await injector.revert(injection, memory);
    assert.match(remark ?? '', /2 of 2 burners ended: by signal 9/);
  });

  test('ends when the agent is killed', async (context) => {
    const injection = await onHost(await onDisk(context));
    const memory = await ioBurn().capture(injection);
    const script = new URL('./injecting-process.ts', import.meta.url).pathname;
    const given = JSON.stringify({ mechanism: 'io-burn', injection, memory });
    const agent = spawn(process.execPath, ['--import', 'tsx', script, given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    context.after(() => agent.kill('SIGKILL'));
    await once(agent.stdout, 'data');
    assert.ok((await ownHandles(injection)).length > 0);
    agent.kill('SIGKILL');
    while ((await ownHandles(injection)).length > 0) await sleep(5);
  });

  test('ends by its own clock', async (context) => {
    const injection = await onHost(await onDisk(context), { durationUs: 1_000_000 });
    const injector = ioBurn();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    while ((await ownHandles(injection)).length > 0) await sleep(5);
    assert.match(JSON.stringify(await injector.verify(injection, memory, 'applied')), /no burner runs/);
    const { count } = await injector.revert(injection, memory);
    assert.ok(typeof count === 'number' && count > 0, 'what they did is not lost with them');
  });

  test('refuses what no disk is behind, what would fill the disk, and what is not there', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    for (const directory of [filesystem.directory, '/proc', '/sys']) {
      await assert.rejects(ioBurn().capture(await onHost(directory)), {
        code: 'UNSUPPORTED',
        message: /no disk is behind/,
      });
    }
    const directory = await onDisk(context);
    const huge = await onHost(directory, { parameters: { directory, burners: 64, size: '64GiB' } });
    await assert.rejects(ioBurn().capture(huge), { code: 'INVALID_INPUT', message: /would be a full disk/ });
    const missing = await onHost(join(directory, 'missing'));
    await assert.rejects(ioBurn().capture(missing), { code: 'NO_TARGET', message: /missing is not there/ });
  });

  test(
    'is not applied where a filesystem takes what is written and no disk does',
    { skip: withoutOverlay },
    async (context) => {
      const memoryOnly = await TestFilesystem.make(context);
      const directory = await overlayOn(memoryOnly.directory);
      const injection = await onHost(directory);
      const injector = ioBurn();
      const memory = await injector.capture(injection);
      await assert.rejects(injector.apply(injection, memory), {
        code: 'APPLY_FAILED',
        message: /no disk takes what is written there/,
      });
      assert.deepEqual(await ownHandles(injection), []);
    },
  );
});
