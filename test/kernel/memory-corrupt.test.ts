import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changesBy, corruptionsOf } from './corruptions.ts';
import { GuestMappings } from './guest-mappings.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Memory that is changed under a program which knows what was in it; and whose memory is left alone. */
let bed: MachineBed;
let program: GuestMappings;

before(async () => {
  bed = await MachineBed.start({ cpus: 2 });
  program = await GuestMappings.bring(bed.machine);
});

after(async () => await bed.end());

type Attributes = Record<string, string | number>;
const often = { trigger: 'timer', timer_us: 2_000 };
const hex = (address: bigint): string => `0x${address.toString(16)}`;

async function corrupting<Answer>(
  attributes: Attributes,
  work: (fault: KernelFault) => Promise<Answer>,
  options?: Parameters<typeof withFault>[4],
): Promise<Answer> {
  const asked = { effect: 'corrupt', ...often, ...attributes };
  return await withFault(bed.machine, 'memory', asked, work, options);
}

/** What the program says that was changed once, where it was asked for. */
async function changedOnce(kind: string, offset: bigint, how: Attributes) {
  const victim = await program.start();
  const address = (victim.at[kind] ?? 0n) + offset;
  const asked = { process: victim.process, at: 'address', address: hex(address), times: 1, ...how };
  return await corrupting(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    return await victim.changes();
  });
}

test('as many bytes as asked become others where a register points to, and none of the neighbour', async () => {
  const [victim, neighbour] = [await program.start(), await program.start()];
  const asked = { process: victim.process, at: 'register', registers: 'bx', times: 1 };
  await corrupting(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    const changes = await victim.changes();
    assert.deepEqual(
      changes.map(({ kind, offset }) => [kind, offset]),
      Array.from({ length: 100 }, (_, offset) => ['anon', offset]),
    );
    const [corruption] = await corruptionsOf(bed.machine, fault);
    assert.ok(corruption);
    assert.deepEqual(changesBy(corruption, victim.at['anon'] ?? 0n), changes);
    assert.equal(corruption.pid, victim.pid);
    assert.equal((await fault.status()).effects, 1);
  });
  assert.deepEqual(await neighbour.changes(), []);
});

for (const kind of ['anon', 'heap', 'stack', 'file'])
  test(`a given address is reached in a mapping of the kind ${kind}`, async () => {
    const changes = await changedOnce(kind, 100n, { bytes: 3 });
    assert.deepEqual(
      changes.map((change) => [change.kind, change.offset]),
      [100, 101, 102].map((offset) => [kind, offset]),
    );
  });

for (const [name, mask] of [
  ['first', 0x01],
  ['last', 0x80],
] as const)
  test(`of one byte the ${name} bit is flipped, and no other`, async () => {
    const [change, ...others] = await changedOnce('anon', 4095n, {
      change: 'flip',
      bytes: 1,
      bit_mask: hex(BigInt(mask)),
    });
    assert.ok(change && others.length === 0);
    assert.deepEqual([change.offset, change.before ^ change.now], [4095, mask]);
  });

test('all bits of the mask, in all of the bytes, can be flipped at once', async () => {
  const changes = await changedOnce('anon', 0n, { change: 'flip', bytes: 8, bits: 16, bit_mask: '0x81' });
  assert.deepEqual(
    changes.map(({ offset, before, now }) => [offset, before ^ now]),
    Array.from({ length: 8 }, (_, offset) => [offset, 0x81]),
  );
});

test('a byte is set to a value', async () => {
  const changes = await changedOnce('heap', 1n, { change: 'set', bytes: 1, value: 255 });
  assert.deepEqual(changes, [{ kind: 'heap', offset: 1, before: 7, now: 255 }]);
});

test('beyond the end of a mapping nothing is changed, before it what was asked', async () => {
  const victim = await program.start();
  const end = (victim.at['anon'] ?? 0n) + BigInt(16 * 2 ** 20);
  const asked = { process: victim.process, at: 'address', address: hex(end - 4n), times: 1 };
  await corrupting(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    assert.equal((await victim.changes()).length, 4);
    assert.equal((await corruptionsOf(bed.machine, fault))[0]?.before.length, 4);
  });
});

test('what is shared is left alone, unless it is asked for', async () => {
  const victim = await program.start();
  const asked = { process: victim.process, at: 'address', address: hex(victim.at['shared'] ?? 0n), times: 1 };
  await corrupting(asked, async (fault) => {
    await fault.reachedCount('untouched', 5);
    assert.equal((await fault.status()).effects, 0);
    await fault.disarm();
    await fault.write({ mappings: 'shared' });
    await fault.arm();
    await fault.reachedCount('effects', 1);
    const [corruption] = await corruptionsOf(bed.machine, fault);
    assert.ok(corruption);
    assert.deepEqual(changesBy(corruption, victim.at['shared'] ?? 0n), await victim.changes());
  });
});

async function atRandom(seed: number) {
  const victim = await program.start();
  const asked = { process: victim.process, at: 'random', mappings: 'anon', bytes: 2, times: 5, seed };
  return await corrupting(asked, async (fault) => {
    await fault.reachedCount('effects', 5);
    const corruptions = await corruptionsOf(bed.machine, fault);
    return { changes: await victim.changes(), corruptions, begin: victim.at['anon'] ?? 0n };
  });
}

test('at random places of its mappings a program finds what the record says', async () => {
  const { changes, corruptions, begin } = await atRandom(3);
  const said = corruptions.flatMap((corruption) => changesBy(corruption, begin));
  assert.deepEqual(
    changes,
    said.sort((one, other) => one.offset - other.offset),
  );
  assert.equal(changes.length, 10);
});

test('the same seed changes the same bytes in the same way, another one others', async () => {
  const of = async (seed: number) =>
    (await atRandom(seed)).corruptions.map(({ address, before, after }) => [address, before, after]);
  const first = await of(7);
  assert.deepEqual(await of(7), first);
  assert.notDeepEqual(await of(8), first);
});

test('of a cgroup the protected process is spared', async () => {
  const [victim, spared] = [await program.start(), await program.start()];
  const cgroup = '/sys/fs/cgroup/victims';
  await bed.machine.demand(`
    mkdir ${cgroup}; for pid in ${victim.pid} ${spared.pid}; do echo $pid > ${cgroup}/cgroup.procs; done`);
  const asked = { cgroup, protect_processes: spared.pid, at: 'register', registers: 'bx', times: 1 };
  await corrupting(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    await fault.reachedCount('spared', 5);
    assert.notDeepEqual(await victim.changes(), []);
    assert.deepEqual(await spared.changes(), []);
  });
  await bed.machine.demand(['rmdir', cgroup]);
});

test('it ends at its deadline with nobody there who would end it', async () => {
  const victim = await program.start();
  const asked = { process: victim.process, at: 'register', registers: 'bx' };
  await corrupting(
    asked,
    async (fault) => {
      const { reason, lines, closedNs = 0n, effects, lastEffectNs = 0n } = await fault.ended();
      assert.equal(reason, 'deadline');
      assert.ok(closedNs >= BigInt(lines['deadline_ns'] ?? 0) && lastEffectNs <= closedNs);
      assert.ok(effects > 0);
      assert.notDeepEqual(await victim.changes(), []);
    },
    { forMs: bed.machine.patienceMs(1_000) },
  );
});

test('before its start, and with a lease that has lapsed, it changes nothing', async () => {
  const victim = await program.start();
  const leaseForMs = bed.machine.patienceMs(500);
  await corrupting(
    { process: victim.process, at: 'register', registers: 'bx' },
    async (fault) => {
      const { reason, effects } = await fault.ended();
      assert.deepEqual([reason, effects], ['the lease had lapsed at the start', 0]);
      assert.deepEqual(await victim.changes(), []);
    },
    { startInMs: 2 * leaseForMs, leaseForMs },
  );
});

test('the module cannot be unloaded while one is armed', async () => {
  const victim = await program.start();
  await corrupting({ process: victim.process, at: 'register', registers: 'bx', times: 1 }, async (fault) => {
    assert.match((await bed.machine.run(['rmmod', 'ordeal_memory'])).stderr, /in use/);
    await fault.reachedCount('effects', 1);
    assert.notDeepEqual(await victim.changes(), []);
  });
});

const values: [attribute: string, value: string, sentence: string][] = [
  ['at', 'once', 'at: "once" is none of: register address random'],
  ['address', '4096', 'address: "4096" is not an address from 0x1 to 0xffffffffffffffff'],
  ['bytes', '257', 'bytes: "257" is not a whole number from 1 to 256'],
  ['bits', '65', 'bits: "65" is not a whole number from 1 to 64'],
  ['bit_mask', '0x100', 'bit_mask: "0x100" is not a mask from 0x1 to 0xff'],
  ['change', 'turn', 'change: "turn" is none of: random flip set'],
  ['value', '256', 'value: "256" is not a whole number from 0 to 255'],
  ['mappings', 'heap code', 'mappings: "code" is none of: anon heap stack file shared'],
  [
    'registers',
    'cs',
    'registers: "cs" is neither any nor one of: ax bx cx dx si di bp r8 to r15 ip sp flags',
  ],
];

for (const [attribute, value, sentence] of values)
  test(`${attribute} cannot be ${value}`, async () => {
    const fault = await KernelFault.make(bed.machine, 'memory', {});
    assert.equal(await fault.refusalOf({ [attribute]: value }), sentence);
    await fault.remove();
  });

const scoped = { trigger: 'timer', pid_namespace: 5 };
const senseless: [what: string, attributes: Attributes, sentence: string][] = [
  ['no scope', { trigger: 'timer', at: 'random' }, 'cgroup, pid_namespace, process: none is given; give one'],
  [
    'no trigger',
    { pid_namespace: 5, at: 'random' },
    'trigger: is not given; one of: timer syscall address function instructions',
  ],
  [
    'a function of the kernel',
    { pid_namespace: 5, at: 'random', trigger: 'function', function: 'schedule' },
    'trigger: memory is met by: timer syscall address instructions; found function',
  ],
  ['no place', scoped, 'at: is not given; one of: register address random'],
  ['no address', { ...scoped, at: 'address' }, 'address: is not given; a number that begins with 0x'],
  [
    'more bits than there are',
    { ...scoped, at: 'random', change: 'flip', bytes: 1, bit_mask: '0x11', bits: 3 },
    'bits: 3 are more than the 2 of bit_mask in 1 bytes',
  ],
];

for (const [what, attributes, sentence] of senseless)
  test(`${what} cannot be armed`, async () => {
    const fault = await KernelFault.make(bed.machine, 'memory', { effect: 'corrupt', ...attributes });
    assert.equal(await fault.refusalToArm(), sentence);
    assert.equal((await fault.status()).phase, 'idle');
    await fault.remove();
  });
