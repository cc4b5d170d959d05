import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { flipsOf, together } from './flips.ts';
import { GuestRegisters } from './guest-registers.ts';
import { pidNamespaceOf } from './guest-scope.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Bits that are flipped in registers, as a program sees it that knows what was in them; and whose registers are left alone. */
let bed: MachineBed;
let program: GuestRegisters;
/** Every program of the machine is in it. */
let everybody: Record<string, string>;
let atSpot: Record<string, string | number>;

before(async () => {
  // With one processor: a breakpoint at a function patches the kernel (kernel-under-test.ts).
  bed = await MachineBed.start();
  program = await GuestRegisters.bring(bed.machine);
  // A program that is killed by what was flipped is no alarm of the kernel.
  await bed.machine.demand('echo 0 > /proc/sys/debug/exception-trace');
  everybody = { pid_namespace: await pidNamespaceOf(bed.machine, 'self') };
  atSpot = { trigger: 'address', file: GuestRegisters.path, offset: program.spot, ...everybody };
});

after(async () => await bed.end());

type Attributes = Record<string, string | number>;
const general = 'ax bx cx dx si di bp r8 r9 r10 r11 r12 r13 r14 r15 sp'.split(' ');
const ends = 0x8000_0000_0000_0001n;
/** So that it is certain that it came to them. */
const often = { trigger: 'timer', timer_us: 2_000 };

async function flipping<Answer>(
  attributes: Attributes,
  work: (fault: KernelFault) => Promise<Answer>,
  options?: Parameters<typeof withFault>[4],
): Promise<Answer> {
  return await withFault(bed.machine, 'cpu', { effect: 'registers', ...attributes }, work, options);
}

for (const register of general)
  test(`the first and the last bit of ${register} are reached`, async () => {
    await flipping(
      { ...atSpot, registers: register, bit_mask: '0x8000000000000001', bits: 2 },
      async (fault) => {
        assert.deepEqual(await program.nop(), { [register]: ends });
        const [flip] = await flipsOf(bed.machine, fault);
        assert.deepEqual([flip?.register, flip?.bits, flip?.name], [register, ends, 'registers']);
      },
    );
    assert.deepEqual(await program.nop(), {});
  });

test('of the flags only the arithmetic ones are flipped, the lowest and the highest of them too', async () => {
  await flipping({ ...atSpot, registers: 'flags', bits: 6 }, async () => {
    assert.deepEqual(await program.nop(), { flags: 0x8d5n });
  });
});

test('only bits of the mask are flipped, as many as asked', async () => {
  await flipping({ ...atSpot, registers: 'r12', bit_mask: '0xff00000000', bits: 3 }, async () => {
    const { r12 = 0n } = await program.nop();
    assert.equal(r12 & ~0xff_0000_0000n, 0n);
    assert.equal(r12.toString(2).replaceAll('0', '').length, 3);
  });
});

test('the same seed flips the same bits in the same order, another one others', async () => {
  const of = async (seed: number) =>
    await flipping({ ...atSpot, seed, mode: 'share 600000000' }, async (fault) => {
      for (let round = 0; round < 8; round++) await program.nop();
      return (await flipsOf(bed.machine, fault)).map(({ index, register, bits }) => [index, register, bits]);
    });
  const first = await of(7);
  assert.ok(first.length > 2);
  assert.deepEqual(await of(7), first);
  assert.notDeepEqual(await of(8), first);
});

test('an interrupt of a timer reaches the process that is meant, as often as asked, and not its neighbour', async () => {
  const victim = await program.start('spin');
  const neighbour = await program.start('spin');
  await flipping({ ...often, registers: 'bx r8 r12', process: victim.process, times: 5 }, async (fault) => {
    await fault.reachedCount('effects', 5);
    const changes = await victim.changes();
    const flips = await flipsOf(bed.machine, fault);
    assert.deepEqual(changes, together(flips));
    assert.deepEqual(
      flips.map(({ pid }) => pid),
      Array.from({ length: 5 }, () => victim.pid),
    );
    assert.equal((await fault.status()).effects, 5);
  });
  assert.deepEqual(await neighbour.changes(), {});
});

test('a program whose instruction pointer loses its last bit is killed', async () => {
  const victim = await program.start('spin');
  const asked = { ...often, registers: 'ip', bit_mask: '0x8000000000000000', process: victim.process };
  await flipping({ ...asked, times: 1 }, async (fault) => {
    await fault.reachedCount('effects', 1);
    assert.equal(await victim.changes(), 128 + 11);
    assert.equal((await flipsOf(bed.machine, fault))[0]?.bits, 1n << 63n);
  });
});

test('a function of the kernel that serves a program of a cgroup reaches it, and none beside the cgroup', async () => {
  const victim = await program.start('syscall');
  const neighbour = await program.start('syscall');
  const cgroup = '/sys/fs/cgroup/victim';
  await bed.machine.demand(`mkdir ${cgroup}; echo ${victim.pid} > ${cgroup}/cgroup.procs`);
  const asked = { trigger: 'function', function: '__x64_sys_getpid', registers: 'r14', cgroup, times: 1 };
  await flipping(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    const flips = await flipsOf(bed.machine, fault);
    assert.deepEqual(await victim.changes(), together(flips));
    assert.equal(flips[0]?.pid, victim.pid);
  });
  assert.deepEqual(await neighbour.changes(), {});
  await bed.machine.demand(`rmdir ${cgroup}`);
});

test('a cgroup of version 1 is told from its neighbours by its controller', async () => {
  const victim = await program.start('spin');
  const neighbour = await program.start('spin');
  const root = '/root/freezer';
  await bed.machine.demand(`
    mkdir ${root}; mount -t cgroup -o freezer none ${root} || exit
    mkdir ${root}/victim; echo ${victim.pid} > ${root}/victim/cgroup.procs`);
  const asked = { ...often, registers: 'r9', cgroup: `${root}/victim`, times: 1 };
  await flipping(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    assert.deepEqual(await victim.changes(), together(await flipsOf(bed.machine, fault)));
  });
  assert.deepEqual(await neighbour.changes(), {});
  await bed.machine.demand(`rmdir ${root}/victim; umount ${root}`);
});

test('a pid namespace is told from others', async () => {
  const victim = await program.start('spin', 'unshare --pid --fork');
  const neighbour = await program.start('spin');
  const asked = {
    ...often,
    registers: 'r10',
    pid_namespace: await pidNamespaceOf(bed.machine, victim.pid),
    times: 1,
  };
  await flipping(asked, async (fault) => {
    await fault.reachedCount('effects', 1);
    assert.deepEqual(await victim.changes(), together(await flipsOf(bed.machine, fault)));
  });
  assert.deepEqual(await neighbour.changes(), {});
});

test('a protected process and a protected cgroup are spared, in whatever scope they are', async () => {
  const [one, two] = [await program.start('spin'), await program.start('spin')];
  const [cgroup, inner] = ['/sys/fs/cgroup/victims', '/sys/fs/cgroup/victims/inner'];
  await bed.machine.demand(`
    mkdir -p ${inner}; echo ${one.pid} > ${cgroup}/cgroup.procs; echo ${two.pid} > ${inner}/cgroup.procs`);
  const asked = { ...often, cgroup, protect_processes: one.pid, protect_cgroup: inner };
  await flipping(asked, async (fault) => {
    await fault.reachedCount('spared', 20);
    assert.equal((await fault.status()).seen, 0);
  });
  assert.deepEqual([await one.changes(), await two.changes()], [{}, {}]);
  await bed.machine.demand(`rmdir ${inner} ${cgroup}`);
});

test('a register of the kernel itself is flipped where that is asked for', async () => {
  const asked = {
    trigger: 'function',
    context: 'kernel',
    function: 'find_task_by_vpid',
    registers: 'di',
    bit_mask: '0x1',
  };
  // The kernel looks for process 0 then, which is none.
  const groupOfInit = (fault: KernelFault): string => `
    cd ${fault.directory}
    echo "$$ $(cut -d' ' -f22 /proc/$$/stat)" > process
    echo $(($(sed -n 's/^boottime_ns: //p' ../../clocks) + 600000000000)) > deadline_ns
    echo 1 > arm || { cat error >&2; exit 1; }
    exec perl -e 'print getpgrp(1)'`;
  const fault = await KernelFault.make(bed.machine, 'cpu', { effect: 'registers', ...asked });
  assert.equal(await bed.machine.demand(groupOfInit(fault)), '-1');
  assert.equal((await fault.status()).effects, 1);
  await fault.disarm();
  assert.equal(await bed.machine.demand(`perl -e 'print getpgrp(1)'`), '1');
  await fault.remove();
});

test('a machine without a counter of instructions says so', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', {
    effect: 'registers',
    ...everybody,
    trigger: 'instructions',
    instructions: 100_000,
  });
  const refusal = await fault.refusalToArm();
  const hasCounter = (await bed.machine.run('test -e /sys/bus/event_source/devices/cpu')).code === 0;
  assert.equal(
    refusal,
    hasCounter ? undefined : 'trigger: this machine has no counter of instructions: error 2',
  );
  await fault.remove();
});

test('it ends at its deadline, and nothing is left in the file', async () => {
  await flipping(
    { ...atSpot, registers: 'bx' },
    async (fault) => {
      assert.equal((await fault.ended()).reason, 'deadline');
      assert.deepEqual(await program.nop(), {});
    },
    { forMs: 1_500 },
  );
});

test('before its start, and with a lease that has lapsed, it flips nothing', async () => {
  const leaseForMs = bed.machine.patienceMs(500);
  await flipping(
    { ...atSpot, registers: 'bx' },
    async (fault) => {
      assert.deepEqual(await program.nop(), {});
      const { reason, effects } = await fault.ended();
      assert.deepEqual([reason, effects], ['the lease had lapsed at the start', 0]);
      assert.deepEqual(await program.nop(), {});
    },
    { startInMs: 2 * leaseForMs, leaseForMs },
  );
});

test('the module cannot be unloaded while one is armed', async () => {
  await flipping({ ...atSpot, registers: 'bx' }, async () => {
    assert.match((await bed.machine.run(['rmmod', 'ordeal_cpu'])).stderr, /in use/);
    assert.notDeepEqual(await program.nop(), {});
  });
});

const allRegisters = 'ax bx cx dx si di bp r8 to r15 ip sp flags';
const values: [attribute: string, value: string, sentence: string][] = [
  ['registers', 'bx cs', `registers: "cs" is neither any nor one of: ${allRegisters}`],
  ['bit_mask', '12', 'bit_mask: "12" is not a mask from 0x1 to 0xffffffffffffffff'],
  ['bit_mask', '0x0', 'bit_mask: "0x0" is not a mask from 0x1 to 0xffffffffffffffff'],
  ['bits', '65', 'bits: "65" is not a whole number from 1 to 64'],
  ['trigger', 'often', 'trigger: "often" is none of: none timer syscall address function instructions'],
  ['context', 'guest', 'context: "guest" is none of: user kernel'],
  ['timer_us', '99', 'timer_us: "99" is not a whole number from 100 to 10000000'],
  ['process', '17', 'process: "17" is not an id and the start of it, as fields 1 and 22 of /proc/<id>/stat'],
  ['protect_processes', '5 x', 'protect_processes: "x" is not the id of a process'],
];

for (const [attribute, value, sentence] of values)
  test(`${attribute} cannot be ${value}`, async () => {
    const fault = await KernelFault.make(bed.machine, 'cpu', {});
    assert.equal(await fault.refusalOf({ [attribute]: value }), sentence);
    await fault.remove();
  });

const scopes = 'cgroup, pid_namespace, process';
const senseless: [what: string, attributes: Attributes, sentence: string][] = [
  ['no scope', { trigger: 'timer' }, `${scopes}: none is given; give one`],
  ['two scopes', { trigger: 'timer', pid_namespace: 5, cgroup: '/' }, `${scopes}: 2 are given; give one`],
  [
    'no trigger',
    { pid_namespace: 5 },
    'trigger: is not given; one of: timer syscall address function instructions',
  ],
  [
    'what is no cgroup',
    { trigger: 'timer', cgroup: '/root' },
    'cgroup: "/root" is not the directory of a cgroup',
  ],
  ['a process with another start', { trigger: 'timer', process: '1 999999999' }, 'it is another one'],
  [
    'a function that is none',
    { trigger: 'function', function: 'no_such', pid_namespace: 5 },
    'function: the kernel has no "no_such" that can be probed: error 2',
  ],
  [
    'an address in no file',
    { trigger: 'address', file: '/none', pid_namespace: 5 },
    'file: there is no "/none"',
  ],
  [
    'a system call in the kernel',
    { trigger: 'syscall', context: 'kernel' },
    'context: registers of the kernel are met by the triggers timer and function; found syscall',
  ],
  [
    'bits that the flags do not have',
    { trigger: 'timer', pid_namespace: 5, registers: 'flags', bit_mask: '0x200' },
    'registers: none of those chosen has 1 bits of bit_mask, 0x200, that this trigger reaches',
  ],
];

for (const [what, attributes, sentence] of senseless)
  test(`${what} cannot be armed`, async () => {
    const fault = await KernelFault.make(bed.machine, 'cpu', { effect: 'registers', ...attributes });
    const refusal = (await fault.refusalToArm()) ?? 'none';
    assert.ok(refusal.endsWith(sentence), refusal);
    assert.equal((await fault.status()).phase, 'idle');
    await fault.remove();
  });
