import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestAsking } from './guest-asking.ts';
import { pidNamespaceOf } from './guest-scope.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Memory that the kernel refuses to some programs, as such a program meets it; and who gets all that it asks for. */
let bed: MachineBed;
let program: GuestAsking;

before(async () => {
  bed = await MachineBed.start({ cpus: 2 });
  program = await GuestAsking.bring(bed.machine);
});

after(async () => await bed.end());

type Attributes = Record<string, string | number>;

async function refusing<Answer>(
  attributes: Attributes,
  work: (fault: KernelFault) => Promise<Answer>,
  options?: Parameters<typeof withFault>[4],
): Promise<Answer> {
  return await withFault(bed.machine, 'memory', { effect: 'enomem', ...attributes }, work, options);
}

const refused = (said: string): number => said.replaceAll('+', '').length;

test('a process that is meant gets no more memory, its neighbour does', async () => {
  const victim = await program.start('wants', { argument: '5' });
  const neighbour = await program.start('wants', { argument: '5' });
  await refusing({ process: victim.process }, async (fault) => {
    assert.deepEqual([await victim.go(), await neighbour.go()], ['-----', '+++++']);
    assert.ok((await fault.status()).effects >= 5);
  });
});

for (const what of ['forks', 'grows'])
  test(`a process that ${what} is refused as well`, async () => {
    const [victim, neighbour] = [await program.start(what), await program.start(what)];
    await refusing({ process: victim.process }, async () => {
      assert.deepEqual([await victim.go(), await neighbour.go()], ['-', '+']);
    });
  });

test('a cgroup is told from its neighbours, those below it are in it', async () => {
  const cgroup = '/sys/fs/cgroup/victim';
  const victim = await program.start('wants');
  const below = await program.start('wants');
  const neighbour = await program.start('wants');
  await bed.machine.demand(`
    mkdir -p ${cgroup}/below; echo ${victim.pid} > ${cgroup}/cgroup.procs; echo ${below.pid} > ${cgroup}/below/cgroup.procs`);
  await refusing({ cgroup }, async () => {
    assert.deepEqual([await victim.go(), await below.go(), await neighbour.go()], ['-', '-', '+']);
  });
  await bed.machine.demand(`rmdir ${cgroup}/below ${cgroup}`);
});

test('a cgroup of version 1 is told from its neighbours', async () => {
  const root = '/root/freezer';
  const [victim, neighbour] = [await program.start('wants'), await program.start('wants')];
  await bed.machine.demand(`
    mkdir ${root}; mount -t cgroup -o freezer none ${root} || exit
    mkdir ${root}/victim; echo ${victim.pid} > ${root}/victim/cgroup.procs`);
  await refusing({ cgroup: `${root}/victim` }, async () => {
    assert.deepEqual([await victim.go(), await neighbour.go()], ['-', '+']);
  });
  await bed.machine.demand(`rmdir ${root}/victim; umount ${root}`);
});

test('a pid namespace is told from others', async () => {
  const victim = await program.start('wants', { by: 'unshare --pid --fork' });
  const neighbour = await program.start('wants');
  await refusing({ pid_namespace: await pidNamespaceOf(bed.machine, victim.pid) }, async () => {
    assert.deepEqual([await victim.go(), await neighbour.go()], ['-', '+']);
  });
});

test('a protected process and a protected cgroup get all that they ask for, in whatever scope they are', async () => {
  const [cgroup, inner] = ['/sys/fs/cgroup/victims', '/sys/fs/cgroup/victims/inner'];
  const [one, two] = [await program.start('wants'), await program.start('wants')];
  const victim = await program.start('wants');
  await bed.machine.demand(`
    mkdir -p ${inner}; echo ${one.pid} > ${cgroup}/cgroup.procs; echo ${victim.pid} > ${cgroup}/cgroup.procs
    echo ${two.pid} > ${inner}/cgroup.procs`);
  await refusing({ cgroup, protect_processes: one.pid, protect_cgroup: inner }, async (fault) => {
    assert.deepEqual([await one.go(), await two.go(), await victim.go()], ['+', '+', '-']);
    assert.equal((await fault.status()).effects, 1);
    assert.equal(await fault.count('spared'), 2);
  });
  await bed.machine.demand(`rmdir ${inner} ${cgroup}`);
});

test('of one in three the first of every three is refused', async () => {
  const victim = await program.start('wants', { argument: '9' });
  await refusing({ process: victim.process, mode: 'one_in 3' }, async (fault) => {
    assert.equal(await victim.go(), '-++-++-++');
    const { seen, effects } = await fault.status();
    assert.equal(effects, Math.ceil(seen / 3));
  });
});

test('of a share about that share is refused, of the same seed the same ones', async () => {
  const saidOf = async (seed: number): Promise<string> => {
    const victim = await program.start('wants', { argument: '1000' });
    return await refusing(
      { process: victim.process, mode: 'share 300000000', seed },
      async () => await victim.go(),
    );
  };
  const first = await saidOf(7);
  assert.ok(Math.abs(refused(first) - 300) < 75, `${refused(first)}`);
  assert.equal(await saidOf(7), first);
  assert.notEqual(await saidOf(8), first);
});

test('two faults of one process refuse each its own part', async () => {
  const victim = await program.start('wants', { argument: '6' });
  await refusing({ process: victim.process, mode: 'one_in 6' }, async () => {
    await refusing({ process: victim.process, mode: 'one_in 2' }, async () => {
      assert.equal(refused(await victim.go()), 4);
    });
  });
});

test('it ends at its deadline with nobody there who would end it', async () => {
  const victim = await program.start('wants');
  await refusing(
    { process: victim.process },
    async (fault) => {
      const { reason, lines, closedNs = 0n } = await fault.ended();
      assert.equal(reason, 'deadline');
      assert.ok(closedNs >= BigInt(lines['deadline_ns'] ?? 0));
      assert.equal(await victim.go(), '+');
    },
    { forMs: 1_500 },
  );
});

test('before its start, and with a lease that has lapsed, it refuses nothing', async () => {
  const leaseForMs = bed.machine.patienceMs(500);
  const [early, late] = [await program.start('wants'), await program.start('wants')];
  const cgroup = '/sys/fs/cgroup/victim';
  await bed.machine.demand(`
    mkdir ${cgroup}; for pid in ${early.pid} ${late.pid}; do echo $pid > ${cgroup}/cgroup.procs; done`);
  await refusing(
    { cgroup },
    async (fault) => {
      assert.equal(await early.go(), '+');
      const { reason, effects } = await fault.ended();
      assert.deepEqual([reason, effects], ['the lease had lapsed at the start', 0]);
      assert.equal(await late.go(), '+');
    },
    { startInMs: 2 * leaseForMs, leaseForMs },
  );
  await bed.machine.demand(['rmdir', cgroup]);
});

test('the module cannot be unloaded while one is armed', async () => {
  const victim = await program.start('wants');
  await refusing({ process: victim.process }, async () => {
    assert.match((await bed.machine.run(['rmmod', 'ordeal_memory'])).stderr, /in use/);
    assert.equal(await victim.go(), '-');
  });
});

test('it can be disarmed twice, and armed again', async () => {
  const [first, second] = [await program.start('wants'), await program.start('wants')];
  const cgroup = '/sys/fs/cgroup/victim';
  await bed.machine.demand(`
    mkdir ${cgroup}; for pid in ${first.pid} ${second.pid}; do echo $pid > ${cgroup}/cgroup.procs; done`);
  await refusing({ cgroup }, async (fault) => {
    await fault.disarm();
    await fault.disarm();
    assert.equal((await fault.status()).reason, 'disarmed');
    assert.equal(await first.go(), '+');
    await fault.arm();
    assert.equal(await second.go(), '-');
  });
  await bed.machine.demand(['rmdir', cgroup]);
});

test('nothing is probed any more when it is over', async () => {
  const probed = `cat /sys/kernel/debug/kprobes/list | grep security_vm_enough_memory_mm`;
  await bed.machine.demand('mountpoint -q /sys/kernel/debug || mount -t debugfs debug /sys/kernel/debug');
  await refusing({ pid_namespace: 5 }, async () => {
    assert.equal((await bed.machine.run(probed)).code, 0);
  });
  assert.notEqual((await bed.machine.run(probed)).code, 0);
});

const scopes = 'cgroup, pid_namespace, process';
const senseless: [what: string, attributes: Attributes, sentence: string][] = [
  ['no scope', {}, `${scopes}: none is given; give one`],
  ['two scopes', { pid_namespace: 5, cgroup: '/' }, `${scopes}: 2 are given; give one`],
  ['what is no cgroup', { cgroup: '/root' }, 'cgroup: "/root" is not the directory of a cgroup'],
  ['a process that is none', { process: '4000000 5' }, 'process: there is no process 4000000'],
];

for (const [what, attributes, sentence] of senseless)
  test(`${what} cannot be armed`, async () => {
    const fault = await KernelFault.make(bed.machine, 'memory', { effect: 'enomem', ...attributes });
    assert.equal(await fault.refusalToArm(), sentence);
    assert.equal((await fault.status()).phase, 'idle');
    await fault.remove();
  });
