import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestMemory } from './guest-memory.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Memory that a thread of the kernel takes from everybody: how much, and until when. */
let bed: MachineBed;
let memory: GuestMemory;

before(async () => {
  bed = await MachineBed.start();
  memory = new GuestMemory(bed.machine);
});

after(async () => await bed.end());

type Attributes = Record<string, string | number>;
type Options = Parameters<typeof withFault>[4];
const MiB = 2 ** 20;
const pageBytes = 4096;
const floor = 200 * MiB;
/** What programs of the machine take and free meanwhile, and what the hog leaves alone above its floor. */
const about = 40 * MiB;
const hog: Attributes = { effect: 'hog', floor_bytes: floor };

async function hogging(work: (fault: KernelFault) => Promise<void>, options?: Options): Promise<void> {
  await withFault(bed.machine, 'memory', hog, work, options);
}

async function atFloor(fault: KernelFault): Promise<void> {
  await fault.tells('floor_reached_ns', '[1-9][0-9]*');
}

function isAbout(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) <= about, `${found / MiB} MiB are not about ${wanted / MiB} MiB`);
}

async function threads(): Promise<string> {
  return await bed.machine.demand('grep -lx ordeal_memory /proc/[0-9]*/comm || true');
}

test('programs are left the floor, and have all of it back afterwards', async () => {
  const before = await memory.available();
  await hogging(async (fault) => {
    await atFloor(fault);
    isAbout(await memory.available(), floor);
    await fault.disarm();
    isAbout(await memory.available(), before);
  });
  assert.equal(await threads(), '');
});

test('a program that wants more than the floor does not get it, and gets it afterwards', async () => {
  const wanted = 2 * floor;
  await hogging(async (fault) => {
    await atFloor(fault);
    const had = await memory.hadOf(wanted);
    assert.ok(had <= floor + about, `had ${had / MiB} MiB`);
    await fault.disarm();
    const hadAfterwards = await memory.hadOf(wanted);
    assert.ok(hadAfterwards > floor + about, `had ${hadAfterwards / MiB} MiB`);
  });
});

test('it says what it holds: what programs miss', async () => {
  const before = await memory.available();
  await hogging(async (fault) => {
    await atFloor(fault);
    isAbout(await fault.count('held_bytes'), before - (await memory.available()));
    await fault.disarm();
    const { effects, seen, lines } = await fault.status();
    assert.equal(lines['held_bytes'], '0');
    assert.deepEqual([effects * pageBytes, seen], [Number(lines['held_most_bytes']), effects]);
  });
});

test('it says the least that it has left: about its floor', async () => {
  await hogging(async (fault) => {
    await atFloor(fault);
    isAbout(await fault.count('available_least_bytes'), floor);
    await fault.disarm();
    isAbout(await fault.count('available_least_bytes'), floor);
    assert.equal(await fault.count('floor_bytes'), floor);
  });
});

test('what others free is taken as well', async () => {
  const free = await memory.occupy(3 * about);
  await hogging(async (fault) => {
    await atFloor(fault);
    const held = await fault.count('held_bytes');
    await free();
    await fault.reachedCount('held_bytes', held + about);
    await memory.untilAvailable('<=', floor + about);
  });
});

test('what others take is theirs, below the floor too', async () => {
  await hogging(async (fault) => {
    await atFloor(fault);
    const free = await memory.occupy(2 * about);
    await memory.untilAvailable('<=', floor - about);
    await free();
  });
});

test('asked to reclaim hard it stops at its floor all the same', async () => {
  await withFault(bed.machine, 'memory', { ...hog, reclaim: 'hard' }, async (fault) => {
    await atFloor(fault);
    isAbout(await memory.available(), floor);
  });
});

test('it ends at its deadline with nobody there who would end it, and holds nothing more', async () => {
  const before = await memory.available();
  await hogging(
    async (fault) => {
      const { reason, lines, closedNs = 0n, effects, lastEffectNs = 0n } = await fault.ended();
      assert.equal(reason, 'deadline');
      assert.ok(closedNs >= BigInt(lines['deadline_ns'] ?? 0) && lastEffectNs <= closedNs);
      assert.ok(effects > 0);
      assert.equal(lines['held_bytes'], '0');
      assert.equal(await threads(), '');
      isAbout(await memory.available(), before);
    },
    { forMs: bed.machine.patienceMs(2_000) },
  );
});

test('it takes nothing before its start', async () => {
  const before = await memory.available();
  await hogging(
    async (fault) => {
      isAbout(await memory.available(), before);
      const { phase, lines } = await fault.status();
      assert.deepEqual([phase, lines['held_bytes']], ['armed', '0']);
      await atFloor(fault);
      const { openedNs = 0n, firstEffectNs = 0n, lines: later } = await fault.status();
      assert.ok(openedNs >= BigInt(later['start_ns'] ?? 0) && firstEffectNs >= openedNs);
      isAbout(await memory.available(), floor);
    },
    { startInMs: bed.machine.patienceMs(1_000) },
  );
});

test('with a lease that has lapsed, it does not begin', async () => {
  const leaseForMs = bed.machine.patienceMs(500);
  await hogging(
    async (fault) => {
      const { reason, openedNs, effects, lines } = await fault.ended();
      assert.deepEqual([reason, openedNs, effects], ['the lease had lapsed at the start', undefined, 0]);
      assert.equal(lines['held_most_bytes'], '0');
    },
    { startInMs: 2 * leaseForMs, leaseForMs },
  );
});

test('the module cannot be unloaded while one is armed', async () => {
  await hogging(async (fault) => {
    assert.match((await bed.machine.run(['rmmod', 'ordeal_memory'])).stderr, /in use/);
    await atFloor(fault);
  });
});

test('it can be disarmed twice, and armed again', async () => {
  const before = await memory.available();
  await hogging(async (fault) => {
    await atFloor(fault);
    await fault.disarm();
    await fault.disarm();
    assert.equal((await fault.status()).reason, 'disarmed');
    isAbout(await memory.available(), before);
    await fault.arm();
    await atFloor(fault);
    isAbout(await memory.available(), floor);
  });
});

test('taking its directory away gives everything back', async () => {
  const before = await memory.available();
  await hogging(async (fault) => await atFloor(fault));
  isAbout(await memory.available(), before);
});

const values: [attribute: string, value: string, sentence: string][] = [
  ['effect', 'hug', 'effect: "hug" is none of: hog enomem corrupt'],
  [
    'floor_bytes',
    '16777215',
    'floor_bytes: "16777215" is not a whole number from 16777216 to 9223372036854775807',
  ],
  ['reclaim', 'never', 'reclaim: "never" is none of: light hard'],
];

for (const [attribute, value, sentence] of values)
  test(`${attribute} cannot be ${value}`, async () => {
    const fault = await KernelFault.make(bed.machine, 'memory', {});
    assert.equal(await fault.refusalOf({ [attribute]: value }), sentence);
    await fault.remove();
  });

const together: [what: string, attributes: Attributes, sentence: RegExp][] = [
  ['no effect', { floor_bytes: floor }, /^effect: is not given; one of: hog enomem corrupt$/],
  [
    'no floor',
    { effect: 'hog' },
    /^floor_bytes: is not given; how much is left to programs, from 16777216 on$/,
  ],
  [
    'a floor above all of the memory',
    { effect: 'hog', floor_bytes: 2 ** 40 },
    /^floor_bytes: 1099511627776 is not less than what this machine has, \d+$/,
  ],
  ['a mode', { ...hog, mode: 'one_in 2' }, /^mode: a hog holds what it has; it takes permanent only$/],
];

for (const [what, attributes, sentence] of together)
  test(`${what} cannot be armed`, async () => {
    const fault = await KernelFault.make(bed.machine, 'memory', attributes);
    assert.match((await fault.refusalToArm()) ?? 'none', sentence);
    assert.equal((await fault.status()).phase, 'idle');
    assert.equal(await threads(), '');
    await fault.remove();
  });
