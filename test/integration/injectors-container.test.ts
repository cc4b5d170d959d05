import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Injector } from '../../injectors/injector.ts';
import { until } from '../until.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { injectionOn, skip, TestContainer } from './injector-bed.ts';

function injectorOf(name: string): Injector {
  const injector = makeInjectors().get(name);
  assert.ok(injector);
  return injector;
}

/** The time that a process has spent on a CPU, in nanoseconds. */
async function cpuNs(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')[0]);
}

async function isDead(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '0 (gone) X');
  return /\) [ZX]/.test(stat);
}

async function spinning(context: TestContext): Promise<{ container: TestContainer; pid: number }> {
  const container = await TestContainer.make(context);
  return { container, pid: await container.spin() };
}

describe('sigkill', { skip }, () => {
  test('kills the init of the container, and says when', async (context) => {
    const container = await TestContainer.make(context);
    const neighbour = await spinning(context);
    // unshare is the first process of the cgroup, but the container's init is the one that it starts in the new namespace.
    const outer = await container.start(['unshare', '--pid', '--fork', 'sleep', '600']);
    const injector = injectorOf('sigkill');
    let inner = '';
    while (inner === '') {
      await sleep(2);
      inner = (await readFile(`/proc/${outer}/task/${outer}/children`, 'utf8')).trim();
    }
    const injection = injectionOn(await container.target());
    const memory = await injector.capture(injection);
    assert.match(String(memory['processes']), new RegExp(`^${inner}:\\d+$`));
    assert.deepEqual(await injector.effects(injection, memory), { count: 0 });
    assert.equal((await injector.verify(injection, memory, 'applied')).holds, false);

    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    const afterUs = monotonicUs();
    assert.ok(await isDead(Number(inner)));
    assert.ok(!(await isDead(neighbour.pid)));
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    const { count, firstUs = 0, lastUs } = await injector.revert(injection, memory);
    assert.equal(count, 1);
    assert.ok(firstUs >= beforeUs && firstUs <= afterUs && firstUs === lastUs);
  });

  test('without a namespace, takes the oldest process that was started from outside', async (context) => {
    const container = await TestContainer.make(context);
    const first = await container.start(['sleep', '600']);
    // The kernel tells starts apart by hundredths of a second.
    await sleep(30);
    const second = await container.start(['sleep', '600']);
    const injector = injectorOf('sigkill');
    const injection = injectionOn(await container.target());
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.ok(await isDead(first));
    assert.ok(!(await isDead(second)));
  });

  test('never kills what was started in the place of the dead', async (context) => {
    const container = await TestContainer.make(context);
    await container.start(['sleep', '600']);
    const injection = injectionOn(await container.target());
    const injector = injectorOf('sigkill');
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const successor = await container.start(['sleep', '600']);
    await injector.apply(injection, memory);
    await assert.rejects(injectorOf('sigkill').apply(injection, memory), {
      code: 'APPLY_FAILED',
      message: /runs no more: process \d+/,
    });
    assert.ok(!(await isDead(successor)));
    assert.equal((await injectorOf('sigkill').revert(injection, memory)).count, 'unknown');
  });

  test('refuses an empty container', async (context) => {
    const container = await TestContainer.make(context);
    const injection = injectionOn(await container.target());
    await assert.rejects(injectorOf('sigkill').capture(injection), {
      code: 'NO_TARGET',
      message: /no process runs/,
    });
  });
});

describe('cgroup-freeze', { skip }, () => {
  test('stops the container and not its neighbour, until it is reverted', async (context) => {
    const victim = await spinning(context);
    const neighbour = await spinning(context);
    const injector = injectorOf('cgroup-freeze');
    const injection = injectionOn(await victim.container.target(), { durationUs: 400_000 });
    const memory = await injector.capture(injection);
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    const appliedUs = monotonicUs();
    const frozenAt = await cpuNs(victim.pid);
    const besideAt = await cpuNs(neighbour.pid);
    await sleep(400);
    await until('the neighbour computes', async () => (await cpuNs(neighbour.pid)) > besideAt + 50_000_000);
    assert.equal(await cpuNs(victim.pid), frozenAt);
    const revertedUs = monotonicUs();
    const { count, firstUs = 0, lastUs = 0, dose } = await injector.revert(injection, memory);
    const afterUs = monotonicUs();
    assert.equal(count, 1);
    assert.ok(firstUs >= beforeUs && firstUs <= appliedUs);
    assert.ok(lastUs >= revertedUs && lastUs <= afterUs);
    assert.ok(dose !== undefined && dose.asked === 1);
    const frozenUs = dose.achieved * injection.durationUs;
    assert.ok(
      frozenUs > revertedUs - appliedUs - 10_000 && frozenUs < afterUs - beforeUs + 10_000,
      `${frozenUs} us`,
    );
    await until('it computes again', async () => (await cpuNs(victim.pid)) > frozenAt);
  });

  test('another process, which knows only the journal, counts and times what was frozen', async (context) => {
    const { container } = await spinning(context);
    const injection = injectionOn(await container.target());
    const injector = injectorOf('cgroup-freeze');
    const memory = await injector.capture(injection);
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    const appliedUs = monotonicUs();
    const effects = await injectorOf('cgroup-freeze').revert(injection, memory);
    const revertUs = monotonicUs() - appliedUs;
    assert.equal(effects.count, 1);
    // Without the kernel's own count (before 6.18, and v1) the begin is not known to another process.
    if (effects.firstUs === undefined) return;
    // It is told from the kernel's count and a clock, which are read one after the other.
    assert.ok(effects.firstUs >= beforeUs - revertUs && effects.firstUs <= appliedUs);
  });

  test('freezes by the v1 freezer what is not in the unified hierarchy', async (context) => {
    const { container, pid } = await spinning(context);
    const hierarchies = await mountedHierarchies();
    const unified = hierarchies.find(({ version }) => version === 2);
    const freezer = hierarchies.find(({ controllers }) => controllers.includes('freezer'));
    if (unified === undefined || freezer === undefined) {
      context.skip('this host has not both');
      return;
    }
    await writeFile(join(unified.mountPoint, 'cgroup.procs'), String(pid));
    const injection = injectionOn(await container.target(), { durationUs: 200_000 });
    const injector = injectorOf('cgroup-freeze');
    const memory = await injector.capture(injection);
    assert.equal(memory['version'], 1);
    const before = await container.state();
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    const frozenAt = await cpuNs(pid);
    await sleep(200);
    assert.equal(await cpuNs(pid), frozenAt);
    const { count, dose } = await injector.revert(injection, memory);
    assert.equal(count, 1);
    assert.ok(dose !== undefined && dose.achieved >= 0.97);
    assert.deepEqual(await container.state(), before);
    await until('it computes again', async () => (await cpuNs(pid)) > frozenAt);
  });

  test('refuses a container that somebody else has frozen, and leaves it frozen', async (context) => {
    const { container } = await spinning(context);
    const v2 = await container.file('cgroup.freeze').catch(() => undefined);
    const [file, text] = v2 === undefined ? [await container.file('freezer.state'), 'FROZEN'] : [v2, '1'];
    await writeFile(file, text);
    const before = await container.state();
    const injection = injectionOn(await container.target());
    await assert.rejects(injectorOf('cgroup-freeze').capture(injection), {
      code: 'DIRTY_HOST',
      message: /frozen already/,
    });
    assert.deepEqual(await container.state(), before);
  });

  test('does not freeze a later cgroup of the same name', async (context) => {
    const { container } = await spinning(context);
    const injection = injectionOn(await container.target());
    const injector = injectorOf('cgroup-freeze');
    const memory = await injector.capture(injection);
    await container.remove();
    const again = await TestContainer.make(context, container.name);
    await again.spin();
    const before = await again.state();
    await assert.rejects(injector.apply(injection, memory), { code: 'APPLY_FAILED', message: /gone/ });
    await assert.rejects(injector.capture(injection), { code: 'NO_TARGET', message: /made anew/ });
    assert.equal((await injector.revert(injection, memory)).count, 'unknown');
    assert.deepEqual(await again.state(), before);
  });
});

describe('cpu-quota', { skip }, () => {
  const cut = { parameters: { share: '20%', period: '50ms' } };

  test('leaves the container its share and the neighbour all of its own', async (context) => {
    const victim = await spinning(context);
    const neighbour = await spinning(context);
    const injector = injectorOf('cpu-quota');
    // So small that a process gets more of any machine that is not far beyond its means.
    const share = { parameters: { share: '5%', period: '50ms' } };
    const injection = injectionOn(await victim.container.target(), share);
    const memory = await injector.capture(injection);
    const before = await victim.container.state();
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    const appliedUs = monotonicUs();
    const usedBefore = await cpuNs(victim.pid);
    const periods = async (): Promise<number> => Number((await injector.effects(injection, memory)).count);
    await until('it is throttled again and again', async () => (await periods()) >= 20);
    const usedUs = ((await cpuNs(victim.pid)) - usedBefore) / 1000;
    const watchedUs = monotonicUs() - appliedUs;
    const { count, firstUs = 0, lastUs = 0, offUs = 0, dose } = await injector.revert(injection, memory);
    const wholeUs = offUs - beforeUs;
    assert.deepEqual(await throttledPeriods(neighbour.container), [0]);
    assert.ok(
      typeof count === 'number' && count <= wholeUs / 50_000 + 1,
      `${count} periods in ${wholeUs} us`,
    );
    // The kernel hands out slices of 5 ms, to each CPU its own.
    const mostUs = wholeUs * 0.05 + 2_500 + 5_000 * cpus().length;
    assert.ok(usedUs <= mostUs, `the victim used ${usedUs} us of ${mostUs}`);
    assert.ok(dose !== undefined && dose.asked === 0.05);
    assert.ok(dose.achieved * wholeUs >= usedUs, 'all that the victim used is told');
    // What it used until the quota was there is told too.
    const [toldUs, freeUs] = [dose.achieved * watchedUs, appliedUs - beforeUs];
    assert.ok(toldUs <= mostUs + freeUs, `it says ${toldUs} us of ${mostUs}`);
    assert.ok(beforeUs < firstUs && firstUs < lastUs && lastUs <= offUs);
    assert.deepEqual(await victim.container.state(), before);
  });

  test('restores exactly the limit that was there', async (context) => {
    const { container } = await spinning(context);
    await setLimit(container, 70_000, 130_000);
    const before = await container.state();
    const injector = injectorOf('cpu-quota');
    const injection = injectionOn(await container.target(), cut);
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.notDeepEqual(await container.state(), before);
    await injector.revert(injection, memory);
    assert.deepEqual(await container.state(), before);
  });

  test('leaves alone what somebody else set meanwhile: theirs is the newer wish', async (context) => {
    const { container } = await spinning(context);
    const injector = injectorOf('cpu-quota');
    const injection = injectionOn(await container.target(), cut);
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    await setLimit(container, 60_000, 100_000);
    const theirs = await container.state();
    assert.match(
      (await foundBy(injector.verify(injection, memory, 'applied'))) ?? '',
      /60000 us in each 100000 us/,
    );
    await injector.revert(injection, memory);
    assert.deepEqual(await container.state(), theirs);
    await assert.rejects(injector.apply(injection, memory), {
      code: 'APPLY_FAILED',
      message: /somebody set/,
    });
    assert.deepEqual(await container.state(), theirs);
  });

  test('refuses what would be no cut', async (context) => {
    const { container } = await spinning(context);
    await setLimit(container, 10_000, 100_000);
    const injection = injectionOn(await container.target(), cut);
    await assert.rejects(injectorOf('cpu-quota').capture(injection), {
      code: 'INVALID_INPUT',
      message: /would be no cut/,
    });
  });
});

/** By the one hierarchy that counts them. */
async function throttledPeriods(container: TestContainer): Promise<number[]> {
  const stats = (await container.directories()).map((directory) => join(directory, 'cpu.stat'));
  const texts = await Promise.all(stats.map(async (file) => await readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text) =>
    [...text.matchAll(/^nr_throttled (\d+)$/gm)].map((match) => Number(match[1])),
  );
}

async function setLimit(container: TestContainer, quotaUs: number, periodUs: number): Promise<void> {
  const v2 = await container.file('cpu.max').catch(() => undefined);
  if (v2 !== undefined) {
    await writeFile(v2, `${quotaUs} ${periodUs}`);
    return;
  }
  await writeFile(await container.file('cpu.cfs_quota_us'), '-1');
  await writeFile(await container.file('cpu.cfs_period_us'), String(periodUs));
  await writeFile(await container.file('cpu.cfs_quota_us'), String(quotaUs));
}

async function foundBy(verification: ReturnType<Injector['verify']>): Promise<string | undefined> {
  const answer = await verification;
  return answer.holds ? undefined : answer.found;
}
