import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Injector } from '../../injectors/injector.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { until } from '../until.ts';
import { injectionOn, skip, TestContainer } from './injector-bed.ts';
import { waitedForMemoryUs, withoutPressure } from './pressure.ts';

function injectorOf(name: string): Injector {
  const injector = makeInjectors().get(name);
  assert.ok(injector);
  return injector;
}

async function idle(context: TestContext): Promise<TestContainer> {
  const container = await TestContainer.make(context);
  await container.start(['sleep', '600']);
  return container;
}

/** A place on disk: pages of a file in memory are not given back. */
async function directory(context: TestContext): Promise<string> {
  const path = await mkdtemp('/var/tmp/ordeal-memory-');
  context.after(async () => {
    await rm(path, { recursive: true });
  });
  return path;
}

/** Whether a process in the container that asks for so much memory, and writes to all of it, gets it. */
async function gets(container: TestContainer, mebibytes: number): Promise<boolean> {
  const pid = await container.start([
    'perl',
    '-e',
    `$m = 'x' x (${mebibytes} << 20); $0 = 'got it'; sleep 600`,
  ]);
  for (;;) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.startsWith('got it')) break;
    // A process that was killed has no arguments any more.
    if (line === '') return false;
    await sleep(2);
  }
  process.kill(pid, 'SIGKILL');
  while ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== '') await sleep(2);
  return true;
}

async function limitOf(container: TestContainer): Promise<{ file: string; bytes: string }> {
  const v1 = await container.file('memory.limit_in_bytes').catch(() => undefined);
  const file = v1 ?? (await container.file('memory.max'));
  return { file, bytes: (await readFile(file, 'utf8')).trim() };
}

/** The kernel takes what a dead process held from its cgroup's account a moment after its end. */
async function settles(container: TestContainer): Promise<void> {
  const v1 = await container.file('memory.usage_in_bytes').catch(() => undefined);
  const file = v1 ?? (await container.file('memory.current'));
  const held = async (): Promise<number> => Number(await readFile(file, 'utf8'));
  await until('what a dead process held is given back', async () => (await held()) <= 16 << 20);
}

describe('memory-limit', { skip }, () => {
  test('refuses the container memory and the neighbour none, and says what that cost', async (context) => {
    const victim = await idle(context);
    const neighbour = await idle(context);
    const injector = injectorOf('memory-limit');
    const injection = injectionOn(await victim.target(), { parameters: { limit: '+16MiB' } });
    const before = await victim.state();
    assert.equal(await gets(victim, 64), true);
    await settles(victim);
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.equal(await gets(victim, 64), false);
    assert.equal(await gets(victim, 1), true, 'what is below the limit is still to be had');
    assert.equal(await gets(neighbour, 64), true);
    const {
      count,
      dose,
      remark,
      firstUs = 0,
      lastUs = 0,
      offUs = 0,
    } = await injector.revert(injection, memory);
    assert.ok(typeof count === 'number' && count > 0);
    assert.ok(firstUs > 0 && firstUs <= lastUs && lastUs <= offUs);
    assert.ok(dose !== undefined && dose.unit === 'bytes' && dose.asked === dose.achieved);
    assert.match(remark ?? '', /^1 of its processes were killed/);
    assert.deepEqual(await victim.state(), before);
    assert.equal(await gets(victim, 64), true, 'the limit is gone');
  });

  test('restores exactly the limit that was there, and leaves alone one that somebody else set meanwhile', async (context) => {
    const container = await idle(context);
    const { file } = await limitOf(container);
    await writeFile(file, String(512 << 20));
    const before = await container.state();
    const injector = injectorOf('memory-limit');
    const injection = injectionOn(await container.target());
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.notDeepEqual(await container.state(), before);
    await injector.revert(injection, memory);
    assert.deepEqual(await container.state(), before);
    await injector.apply(injection, memory);
    await writeFile(await swapLimitOf(container, file), String(256 << 20));
    await writeFile(file, String(256 << 20));
    await injector.revert(injection, memory);
    assert.equal((await limitOf(container)).bytes, String(256 << 20));
  });

  test('refuses what would be no cut, and what the container holds already', async (context) => {
    const container = await idle(context);
    const { file } = await limitOf(container);
    await writeFile(file, String(64 << 20));
    const injector = injectorOf('memory-limit');
    const target = await container.target();
    const wide = injectionOn(target, { parameters: { limit: '64MiB' } });
    await assert.rejects(injector.capture(wide), { code: 'INVALID_INPUT', message: /would be no cut/ });
    if (!file.endsWith('memory.limit_in_bytes')) return;
    await container.start(['perl', '-e', "$m = 'x' x (16 << 20); sleep 600"]);
    const usage = file.replace('limit', 'usage');
    while (Number(await readFile(usage, 'utf8')) < 16 << 20) await sleep(2);
    const before = await container.state();
    const narrow = injectionOn(target, { parameters: { limit: '4MiB' } });
    const memory = await injector.capture(narrow);
    await assert.rejects(injector.apply(narrow, memory), {
      code: 'APPLY_FAILED',
      message: /holds more than 4194304 bytes/,
    });
    await injector.revert(narrow, memory);
    assert.deepEqual(await container.state(), before);
  });
});

/** Where the kernel limits both together, the common limit is no lower than that of memory, and is raised first. */
async function swapLimitOf(container: TestContainer, otherwise: string): Promise<string> {
  return await container.file('memory.memsw.limit_in_bytes').catch(() => otherwise);
}

/** Reads a file again and again. It writes the file itself: memory is charged to who first makes use of it. */
const rereader = `use IO::Handle;
  my ($file) = @ARGV;
  open my $out, '>', $file or die; print $out 'x' x (8 << 20); $out->flush; $out->sync; close $out;
  while (1) {
    open my $in, '<', $file or die; 1 while sysread $in, my $buffer, 65536;
    select undef, undef, undef, 0.01;
  }`;

/** What a process has had read from a disk, ever, as the kernel counts it. */
async function readFromDisk(pid: number): Promise<number> {
  return Number(/^read_bytes: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

describe('memory-thrash', { skip }, () => {
  test('makes the container read again what it had in memory, and the neighbour nothing, up to the pressure asked for', async (context) => {
    const place = await directory(context);
    const reading = async (
      name: string,
    ): Promise<{ container: TestContainer; pid: number; read: number }> => {
      const container = await idle(context);
      const file = join(place, name);
      const pid = await container.start(['perl', '-e', rereader, file]);
      await until('it has read all of its file', async () =>
        /^rchar: \d{8,}$/m.test(await readFile(`/proc/${pid}/io`, 'utf8')),
      );
      return { container, pid, read: await readFromDisk(pid) };
    };
    const victim = await reading('victim');
    const neighbour = await reading('neighbour');
    const injector = injectorOf('memory-thrash');
    const parameters = { pressure: '30%', room: '16MiB' };
    const injection = injectionOn(await victim.container.target(), { parameters });
    const before = await victim.container.state();
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    await until(
      'the victim reads again what it had',
      async () => (await readFromDisk(victim.pid)) > victim.read + (8 << 20),
    );
    await until('the kernel counts it, and the pressure', async () => {
      const { count, dose } = await injector.effects(injection, memory);
      return Number(count) > 1000 && dose !== undefined && dose.achieved > 0.1 * dose.asked;
    });
    if (withoutPressure === false) {
      await until('the thrashers leave it some peace', async () => {
        const [waitedUs, sinceUs] = [await waitedForMemoryUs(victim.container), monotonicUs()];
        await sleep(1000);
        return (await waitedForMemoryUs(victim.container)) - waitedUs < 0.6 * (monotonicUs() - sinceUs);
      });
    }
    const beside = (await readFromDisk(neighbour.pid)) - neighbour.read;
    assert.ok(beside < 1 << 20, `the neighbour read ${beside} bytes from disk`);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    assert.ok((await injector.handles([injection.target])).length > 0);
    const { dose, remark, lastUs = 0, offUs = 0 } = await injector.revert(injection, memory);
    assert.ok(lastUs > 0 && lastUs <= offUs);
    assert.equal(dose?.asked, dose?.unit.startsWith('share') === true ? 0.3 : 50_000);
    assert.equal(remark, undefined);
    assert.deepEqual(await victim.container.state(), before);
    assert.deepEqual(await injector.handles([injection.target]), []);
  });
});
