import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../until.ts';
import { flipsOf, together } from './flips.ts';
import { GuestRegisters } from './guest-registers.ts';
import { pidNamespaceOf } from './guest-scope.ts';
import { GuestTracing } from './guest-tracing.ts';
import { type KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Bits that are flipped at the entry of system calls: whose calls, and what that is to those who are not meant. */
let bed: MachineBed;
let program: GuestRegisters;
const cgroup = '/sys/fs/cgroup/victim';
const other = '/sys/fs/cgroup/other';

before(async () => {
  // With one processor: the kernel patches itself at each beginning and end of a fault (kernel-under-test.ts).
  bed = await MachineBed.start();
  program = await GuestRegisters.bring(bed.machine);
  await bed.machine.demand(['mkdir', cgroup, other]);
});

after(async () => await bed.end());

type Attributes = Record<string, string | number>;

async function flipping<Answer>(
  scope: Attributes,
  work: (fault: KernelFault) => Promise<Answer>,
): Promise<Answer> {
  const asked = { effect: 'registers', trigger: 'syscall', registers: 'bx r13', mode: 'one_in 50' };
  return await withFault(bed.machine, 'cpu', { ...asked, times: 3, ...scope }, work);
}

const moveTo = async (place: string, pid: string): Promise<void> => {
  await bed.machine.demand(`echo ${pid} > ${place}/cgroup.procs`);
};

/** The module's own function that is called for each call that the kernel tells it of. */
const calls = 'ordeal:ordeal_callers_sift';

async function hearsOf(pid: string): Promise<boolean> {
  const tracing = await GuestTracing.ofFunction(bed.machine, calls, pid);
  try {
    return await tracing.hears();
  } finally {
    await tracing.end();
  }
}

test('they reach what the program holds over the call, and nothing of its neighbour', async () => {
  const victim = await program.start('syscall');
  const neighbour = await program.start('syscall');
  await flipping({ process: victim.process }, async (fault) => {
    await fault.reachedCount('effects', 3);
    assert.deepEqual(await victim.changes(), together(await flipsOf(bed.machine, fault)));
  });
  assert.deepEqual(await neighbour.changes(), {});
});

test('the kernel tells of the calls of those who are meant, and goes on to', async () => {
  const victim = await program.start('syscall');
  await flipping({ process: victim.process }, async () => assert.ok(await hearsOf(victim.pid)));
  await victim.changes();
});

test('a program that is not meant is let go of, so that its calls cost what they did', async () => {
  const neighbour = await program.start('syscall');
  await flipping({ cgroup }, async () => assert.equal(await hearsOf(neighbour.pid), false));
  await neighbour.changes();
});

test('one that was let go of is met once it is moved into the cgroup', async () => {
  const victim = await program.start('syscall');
  await flipping({ cgroup }, async (fault) => {
    assert.equal(await hearsOf(victim.pid), false);
    await moveTo(cgroup, victim.pid);
    await fault.reachedCount('effects', 3);
    assert.deepEqual(await victim.changes(), together(await flipsOf(bed.machine, fault)));
  });
});

test('one that is moved out of the cgroup is let go of', async () => {
  const victim = await program.start('syscall');
  await moveTo(cgroup, victim.pid);
  await flipping({ cgroup }, async () => {
    assert.ok(await hearsOf(victim.pid));
    await moveTo(other, victim.pid);
    await bed.machine.demand('sleep 0.2');
    assert.equal(await hearsOf(victim.pid), false);
  });
  await victim.changes();
});

test('one that is forked into the pid namespace by somebody outside is met', async () => {
  const first = await program.start('spin', 'unshare --pid --fork');
  // Which no program looks at after a call: this one may be met while it is loaded still.
  const harmless = { registers: 'flags', times: 0 };
  await flipping(
    { ...harmless, pid_namespace: await pidNamespaceOf(bed.machine, first.pid) },
    async (fault) => {
      const victim = await program.start('syscall', `nsenter --pid=/proc/${first.pid}/ns/pid`);
      const isMet = async () => (await flipsOf(bed.machine, fault)).some(({ pid }) => pid === victim.pid);
      await until('it is met', isMet);
      await victim.changes();
    },
  );
  await first.changes();
});

test('a second fault meets those whom the first has let go of', async () => {
  const victim = await program.start('syscall');
  await flipping({ cgroup }, async () => {
    assert.equal(await hearsOf(victim.pid), false);
    await flipping({ process: victim.process }, async (fault) => {
      await fault.reachedCount('effects', 3);
      assert.deepEqual(await victim.changes(), together(await flipsOf(bed.machine, fault)));
    });
  });
});

for (const event of ['raw_syscalls/sys_enter', 'raw_syscalls/sys_exit']) {
  test(`who traces ${event} already goes on to hear of everybody's`, async () => {
    const neighbour = await program.start('syscall');
    const tracing = await GuestTracing.begin(bed.machine, event, neighbour.pid);
    await flipping({ cgroup }, async () => assert.ok(await tracing.hears()));
    await tracing.end();
    await neighbour.changes();
  });

  test(`who begins to trace ${event} amid the fault hears of everybody's, and after it`, async () => {
    const neighbour = await program.start('syscall');
    const tracing = await flipping({ cgroup }, async () => {
      assert.equal(await hearsOf(neighbour.pid), false);
      const begun = await GuestTracing.begin(bed.machine, event, neighbour.pid);
      assert.ok(await begun.hears());
      return begun;
    });
    assert.ok(await tracing.hears());
    await tracing.end();
    await neighbour.changes();
  });

  test(`once nobody traces ${event} any more, those who are not meant are let go of again`, async () => {
    const neighbour = await program.start('syscall');
    const tracing = await GuestTracing.begin(bed.machine, event, neighbour.pid);
    await flipping({ cgroup }, async () => {
      await tracing.end();
      await bed.machine.demand('sleep 0.2');
      assert.equal(await hearsOf(neighbour.pid), false);
    });
    await neighbour.changes();
  });
}
