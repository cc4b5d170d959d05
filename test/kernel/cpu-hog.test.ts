import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestCpu } from './guest-cpu.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { kernelUnderTest } from './kernel-under-test.ts';
import { MachineBed } from './machine-bed.ts';

/** Processors that threads of the kernel take from everybody: how much, which, and until when. */
let bed: MachineBed;
let cpu: GuestCpu;

before(async () => {
  bed = await MachineBed.start({ cpus: 2 });
  cpu = new GuestCpu(bed.machine);
});

after(async () => await bed.end());

const hog = (percent: number, more: Record<string, string | number> = {}) => ({
  effect: 'hog',
  cpus: '1',
  hog_percent: percent,
  ...more,
});

/** What the kernel says that the hogs got, in thousandths, by processor. */
async function steal(fault: KernelFault): Promise<Record<string, number>> {
  const told = (await fault.status()).lines['steal_permille'] ?? '';
  const pairs = told.split(' ').map((pair) => pair.split('='));
  return Object.fromEntries(pairs.map(([processor = '', share]) => [processor, Number(share)]));
}

/** What it got in as long as a program needs to say what was left. */
async function stealOf(attributes: Record<string, string | number>): Promise<Record<string, number>> {
  return await withFault(bed.machine, 'cpu', attributes, async (fault) => {
    await cpu.left(1);
    await fault.disarm();
    return await steal(fault);
  });
}

function isNear(found: number | undefined, wanted: number, within = 50): void {
  assert.ok(found !== undefined && Math.abs(found - wanted) <= within, `${found} is not near ${wanted}`);
}

async function hogThreads(): Promise<string[]> {
  const said = await bed.machine.demand('cat /proc/[0-9]*/comm 2> /dev/null | grep ordeal_hog || true');
  return said.trim().split('\n').filter(Boolean).sort();
}

test('a program gets what the hog leaves of its processor, its neighbour on another gets all of that', async () => {
  await withFault(bed.machine, 'cpu', hog(70), async (fault) => {
    const [neighbour = 0, victim = 1] = await cpu.left(0, 1);
    assert.ok(victim < 0.4, `${victim} is left to the victim`);
    assert.ok(neighbour > 2 * victim, `${neighbour} to its neighbour, ${victim} to the victim`);
    await fault.disarm();
    assert.deepEqual(Object.keys(await steal(fault)), ['1']);
  });
  const [afterwards = 0] = await cpu.left(1);
  assert.ok(afterwards > 0.6, `${afterwards} is left afterwards`);
});

for (const percent of [10, 50, 90])
  test(`of ${percent} % it gets that, by the scheduler's own account`, async () => {
    isNear((await stealOf(hog(percent)))['1'], percent * 10);
  });

test('each processor of the list has a hog of its own', async () => {
  await withFault(bed.machine, 'cpu', hog(40, { cpus: '0-1' }), async (fault) => {
    assert.deepEqual(await hogThreads(), ['ordeal_hog/0', 'ordeal_hog/1']);
    await cpu.left(0, 1);
    await fault.disarm();
    const got = await steal(fault);
    isNear(got['0'], 400);
    isNear(got['1'], 400);
  });
  assert.deepEqual(await hogThreads(), []);
});

test('of all, on every processor, the kernel itself keeps a part for programs, which go on', async () => {
  await withFault(bed.machine, 'cpu', hog(100, { cpus: '0-1' }), async (fault) => {
    await bed.machine.demand(
      `until [ "$(sed -n 's/^wall_ns: //p' ${fault.directory}/status)" -gt 3000000000 ]; do sleep 0.1; done`,
    );
    await fault.disarm();
    const got = await steal(fault);
    assert.ok((got['0'] ?? 0) > 800, `${got['0']}`);
    assert.ok((got['1'] ?? 0) > 800, `${got['1']}`);
  });
});

test('one that is fair shares with a program like any other', async () => {
  isNear((await stealOf(hog(100, { hog_class: 'fair' })))['1'], 500, 300);
});

test('only the periods are burned that the mode chooses', async () => {
  await withFault(bed.machine, 'cpu', hog(80, { mode: 'one_in 4' }), async (fault) => {
    await cpu.left(1);
    await fault.disarm();
    isNear((await steal(fault))['1'], 200);
    const { seen, effects } = await fault.status();
    assert.equal(effects, Math.ceil(seen / 4));
  });
});

test('it has the real-time priority that it was given, or 5.10 says that it cannot', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', hog(10, { hog_priority: 7 }));
  if (kernelUnderTest() === '5.10') {
    assert.equal(
      await fault.refusalToArm(),
      'hog_priority: this kernel lets modules give the priorities 1 and 50 only; found 7',
    );
    await fault.write({ hog_priority: 1 });
  }
  await fault.arm();
  const priority = Number(await bed.machine.demand(['cat', `${fault.directory}/hog_priority`]));
  const said = await bed.machine.demand('chrt -p $(pgrep ordeal_hog)');
  assert.match(said, /policy: SCHED_FIFO/);
  assert.match(said, new RegExp(`priority: ${priority}\n`));
  await fault.remove();
});

test('it ends at its deadline with nobody there who would end it', async () => {
  await withFault(
    bed.machine,
    'cpu',
    hog(60),
    async (fault) => {
      const { reason, lines, closedNs = 0n, effects } = await fault.ended();
      assert.equal(reason, 'deadline');
      assert.ok(closedNs >= BigInt(lines['deadline_ns'] ?? 0));
      assert.ok(effects > 0);
      assert.deepEqual(await hogThreads(), []);
    },
    { forMs: 1_500 },
  );
});

test('it burns nothing before its start', async () => {
  const startInMs = bed.machine.patienceMs(1_000);
  await withFault(
    bed.machine,
    'cpu',
    hog(60),
    async (fault) => {
      const { phase, lines } = await fault.status();
      assert.deepEqual([phase, lines['steal_permille'], lines['wall_ns']], ['armed', '1=0', '0']);
      await fault.reached('open');
      await cpu.left(1);
      const { openedNs = 0n, firstEffectNs = 0n, lines: later } = await fault.status();
      assert.ok(openedNs >= BigInt(later['start_ns'] ?? 0) && firstEffectNs >= openedNs);
      isNear((await steal(fault))['1'], 600);
    },
    { startInMs },
  );
});

test('with a lease that has lapsed, it does not begin', async () => {
  const leaseForMs = bed.machine.patienceMs(500);
  await withFault(
    bed.machine,
    'cpu',
    hog(60),
    async (fault) => {
      const { reason, openedNs, effects, lines } = await fault.ended();
      assert.deepEqual([reason, openedNs, effects], ['the lease had lapsed at the start', undefined, 0]);
      assert.equal(lines['wall_ns'], '0');
    },
    { startInMs: 2 * leaseForMs, leaseForMs },
  );
});

test('the module cannot be unloaded while one is armed', async () => {
  await withFault(bed.machine, 'cpu', hog(20), async (fault) => {
    assert.match((await bed.machine.run(['rmmod', 'ordeal_cpu'])).stderr, /in use/);
    assert.equal((await fault.status()).phase, 'open');
  });
});

test('a processor that was off meanwhile is burned again when it is on', async () => {
  await withFault(bed.machine, 'cpu', hog(50), async (fault) => {
    await cpu.turn(1, 'off');
    await cpu.turn(1, 'on');
    const before = await fault.count('ran_ns');
    const [left = 1] = await cpu.left(1);
    assert.ok(left < 0.7, `${left} is left`);
    assert.ok((await fault.count('ran_ns')) > before);
  });
});

test('it can be disarmed twice, and armed again', async () => {
  await withFault(bed.machine, 'cpu', hog(50), async (fault) => {
    await fault.disarm();
    await fault.disarm();
    assert.equal((await fault.status()).reason, 'disarmed');
    await fault.arm();
    await cpu.left(1);
    await fault.disarm();
    isNear((await steal(fault))['1'], 500);
  });
});

const values: [attribute: string, value: string, sentence: string][] = [
  ['effect', 'hug', 'effect: "hug" is none of: hog off panic registers'],
  ['hog_percent', '101', 'hog_percent: "101" is not a whole number from 1 to 100'],
  ['hog_period_us', '999', 'hog_period_us: "999" is not a whole number from 1000 to 1000000'],
  ['hog_class', 'idle', 'hog_class: "idle" is none of: fifo fair'],
  ['hog_priority', '100', 'hog_priority: "100" is not a whole number from 1 to 99'],
  ['cpus', 'all of', 'cpus: "all of" is not a list of processors like 0-3,5, below 2'],
  ['cpus', '0,64', 'cpus: "0,64" is not a list of processors like 0-3,5, below 2'],
];

for (const [attribute, value, sentence] of values)
  test(`${attribute} cannot be ${value}`, async () => {
    const fault = await KernelFault.make(bed.machine, 'cpu', {});
    assert.equal(await fault.refusalOf({ [attribute]: value }), sentence);
    await fault.remove();
  });

const together: [what: string, attributes: Record<string, string | number>, sentence: string][] = [
  ['no effect', { cpus: '1' }, 'effect: is not given; one of: hog off panic registers'],
  ['no processors', { effect: 'hog', hog_percent: 5 }, 'cpus: is not given; a list of processors like 0-3,5'],
  ['no share', { effect: 'hog', cpus: '1' }, 'hog_percent: is not given; from 1 to 100 of each processor'],
];

for (const [what, attributes, sentence] of together)
  test(`${what} cannot be armed`, async () => {
    const fault = await KernelFault.make(bed.machine, 'cpu', attributes);
    assert.equal(await fault.refusalToArm(), sentence);
    assert.equal((await fault.status()).phase, 'idle');
    await fault.remove();
  });

test('a processor that is off cannot be burned', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', hog(50));
  await cpu.turn(1, 'off');
  assert.equal(await fault.refusalToArm(), 'cpus: there is no processor 1 that is on; those on are 0');
  await cpu.turn(1, 'on');
  await fault.remove();
});
