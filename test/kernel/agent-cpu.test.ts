import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AgentBed } from './agent-bed.ts';
import { GuestCpu } from './guest-cpu.ts';
import { GuestRegisters, type Changes } from './guest-registers.ts';
import { asContainer } from './guest-scope.ts';

const faults = '/sys/kernel/config/ordeal/cpu';
const host = 'host/nfvi-1';
/** So that it is certain that it comes to them. */
const often = { every: '2ms', registers: ['bx'] };

/** A flag for decimal numbers, at which no program of this kind looks. */
const harmless = { registers: ['flags'], bitMask: '0x10' };

/** The bits that a record says were flipped, by register. */
function flipsIn(remark = ''): Changes {
  const flips = [...remark.matchAll(/(\w+) (0x[0-9a-f]+) -> (0x[0-9a-f]+) of \d+ \(registers\)/g)];
  return Object.fromEntries(
    flips.map(([, name = '', before = '', after = '']) => [name, BigInt(before) ^ BigInt(after)]),
  );
}

describe('faults of processors by the module, through the agent as it is delivered', () => {
  let bed: AgentBed;
  let cpu: GuestCpu;
  let program: GuestRegisters;

  before(async () => {
    bed = await AgentBed.start({ cpus: 2 });
    cpu = new GuestCpu(bed.machine);
    program = await GuestRegisters.bring(bed.machine);
  });
  after(async () => {
    await bed.end();
  });

  async function nothingIsLeft(): Promise<void> {
    assert.equal(await bed.machine.demand(`ls ${faults}`), '');
    assert.equal(await cpu.online(), '0-1');
  }

  test('the host can do what the module does', async () => {
    const { capabilities } = await bed.host();
    const can = capabilities.filter(({ supported }) => supported).map(({ mechanism }) => mechanism);
    for (const mechanism of ['kernel-cpu-off', 'kernel-panic', 'kernel-cpu-hog', 'kernel-registers'])
      assert.ok(can.includes(mechanism), mechanism);
  });

  test('a program gets what the hog leaves of its processor until the fault is stopped, its neighbour all of another', async () => {
    const parameters = { cpus: '1', load: '90%' };
    const id = await bed.inject({ cell: 'physical.cpu.delay', target: host, parameters });
    const [neighbour = 0, victim = 1] = await cpu.left(0, 1);
    const { effects } = await bed.stop(id);
    assert.ok(neighbour > 1.5 * victim, `${neighbour} to its neighbour, ${victim} to the victim`);
    assert.ok((effects?.count ?? 0) > 0);
    assert.match(effects?.remark ?? '', /^it took \d+\.\d % of processor 1$/);
    const [afterwards = 0] = await cpu.left(1);
    assert.ok(afterwards > 1.5 * victim, `${afterwards} is left afterwards`);
    await nothingIsLeft();
  });

  test('no program runs on a processor that is off until the fault is stopped, on the other they do', async () => {
    const id = await bed.inject({ cell: 'physical.cpu.unavailability', target: host });
    assert.equal(await cpu.online(), '0');
    assert.deepEqual([await cpu.takesPrograms(0), await cpu.takesPrograms(1)], [true, false]);
    assert.equal((await bed.stop(id)).effects?.count, 1);
    assert.equal(await cpu.takesPrograms(1), true);
    await nothingIsLeft();
  });

  test('a processor that is not there is refused before anything happens', async () => {
    const parameters = JSON.stringify({ cpus: '7' });
    const where = ['--host', 'nfvi-1', '--target', host, '--for', '10s', '--with', parameters];
    const { code, stderr, stdout } = await bed.ordeal('inject', 'physical.cpu.unavailability', ...where);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /there is no processor 7 that is on; those on are 0-1/);
    await nothingIsLeft();
  });

  for (const [scope, name] of [
    ['cgroup', 'by-cgroup'],
    ['pid namespace', 'by-namespace'],
  ] as const)
    test(`a register of a container, told by its ${scope}, is flipped as often as asked, and none beside it`, async () => {
      const victim = await program.start('spin', asContainer(name));
      const neighbour = await program.start('spin');
      await bed.knows('container', `machine-${name}.scope`);
      const fault = { cell: 'virtual.cpu.corruption', target: `container/machine-${name}.scope` };
      const id = await bed.inject({ ...fault, parameters: { ...often, scope, times: 1 } });
      await bed.machine.demand(`until grep -q '^effects: 1$' ${faults}/*/status; do sleep 0.1; done`);
      const { effects } = await bed.stop(id);
      const changes = await victim.changes();
      assert.deepEqual(Object.keys(changes), ['bx']);
      assert.deepEqual(changes, flipsIn(effects?.remark));
      assert.equal(effects?.count, 1);
      assert.deepEqual(await neighbour.changes(), {});
      await nothingIsLeft();
    });

  test('a process of the host is told by its name, and the last bit of its instruction pointer kills it', async () => {
    await bed.machine.demand('echo 0 > /proc/sys/debug/exception-trace');
    await bed.machine.demand('cp /usr/bin/perl /root/victim');
    const ended = bed.machine.run(['/root/victim', '-e', '1 while 1']);
    ended.catch(() => undefined);
    await bed.machine.demand('until pgrep -x victim; do sleep 0.1; done');
    const neighbour = await program.start('spin');
    const parameters = {
      process: 'victim',
      every: '2ms',
      registers: ['ip'],
      bitMask: '0x8000000000000000',
    };
    const id = await bed.inject({ cell: 'physical.cpu.corruption', target: host, parameters });
    assert.equal((await ended).code, 128 + 11);
    assert.equal((await bed.stop(id)).effects?.count, 1);
    assert.deepEqual(await neighbour.changes(), {});
    await nothingIsLeft();
  });

  test("Ordeal's own processes are spared where the whole host is in scope", async () => {
    const parameters = { trigger: 'syscall', times: 0 };
    const all = { cell: 'physical.cpu.corruption', target: host, parameters, more: ['--share', '0%'] };
    const id = await bed.inject(all);
    const { effects } = await bed.stop(id);
    assert.equal(effects?.count, 0);
    assert.match(effects.remark ?? '', /\d+ triggers? met Ordeal's own processes, which are spared/);
    await nothingIsLeft();
  });

  describe('whose agent was killed amid it', () => {
    const touched = new Map<string, boolean>();
    const untouched = new Map<string, boolean>();
    const ends = new Map<string, string>();
    const kinds = ['kernel-cpu-off', 'kernel-cpu-hog', 'kernel-registers'];

    // All kinds at once: one death, one restart.
    before(async () => {
      const keeper = await program.start('spin', asContainer('kept'));
      await bed.knows('container', 'machine-kept.scope');
      const duration = bed.lasting(8);
      const parameters = { cpus: '0', load: '30%' };
      await Promise.all([
        bed.inject({ cell: 'physical.cpu.unavailability', target: host, duration }),
        bed.inject({ cell: 'physical.cpu.delay', target: host, parameters, duration }),
        bed.inject({
          cell: 'virtual.cpu.corruption',
          target: 'container/machine-kept.scope',
          parameters: { ...often, ...harmless, times: 0 },
          duration,
        }),
      ]);
      await bed.killAgent();
      const hogged = await hogTicks();
      const flipped = await effectsOf('kernel-registers');
      touched.set('kernel-cpu-off', (await cpu.online()) === '0');
      await bed.machine.demand('sleep 1');
      touched.set('kernel-cpu-hog', (await hogTicks()) > hogged);
      touched.set('kernel-registers', (await effectsOf('kernel-registers')) > flipped);
      for (const mechanism of kinds) ends.set(mechanism, await bed.endInKernel(faults, mechanism));
      untouched.set('kernel-cpu-off', (await cpu.online()) === '0-1');
      untouched.set('kernel-cpu-hog', (await hogTicks()) === 0);
      const flippedInAll = await effectsOf('kernel-registers');
      await keeper.changes();
      untouched.set('kernel-registers', (await effectsOf('kernel-registers')) === flippedInAll);
      await bed.startAgent();
    });

    /** Of the threads that burn, as the kernel counts it for each; 0 where there is none. */
    async function hogTicks(): Promise<number> {
      const said = await bed.machine.demand(
        `cat /proc/[0-9]*/stat 2> /dev/null | awk '$2 ~ /ordeal_hog/ { ticks += $15 } END { print ticks + 0 }'`,
      );
      return Number(said);
    }

    async function effectsOf(mechanism: string): Promise<number> {
      return Number(await bed.machine.demand(`sed -n 's/^effects: //p' ${faults}/${mechanism}_*/status`));
    }

    for (const mechanism of kinds) {
      test(`${mechanism} goes on until its deadline, by which the kernel ends it`, () => {
        assert.equal(touched.get(mechanism), true, 'it went on');
        assert.equal(ends.get(mechanism), 'deadline');
        assert.equal(untouched.get(mechanism), true, 'it is over');
      });
    }

    test('of all of them the next agent leaves nothing, and the host is clean', async () => {
      await nothingIsLeft();
      assert.deepEqual((await bed.host()).quarantinedBecause, []);
    });
  });

  test('a panic that is not meant is refused, and the machine goes on', async () => {
    const where = ['--host', 'nfvi-1', '--target', host, '--for', '10s', '--mechanism', 'kernel-panic'];
    const { code, stderr, stdout } = await bed.ordeal('inject', 'physical.cpu.unavailability', ...where);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /cannot be reverted; if it is meant, give true/);
    await nothingIsLeft();
  });

  test('a host that was made to panic comes back clean, and its record says that it crashed and that the counters are unknown', async () => {
    const fault = { cell: 'physical.cpu.unavailability', target: host, mechanism: 'kernel-panic' };
    const injecting = bed.injected({ ...fault, duration: '10s', parameters: { meant: true } });
    injecting.catch(() => undefined);
    assert.match(await bed.comesBack(), /Kernel panic - not syncing: ordeal: by the fault kernel-panic_/);
    const { state, effects } = await injecting;
    assert.equal(state, 'ended');
    assert.equal(effects?.count, undefined, 'unknown');
    assert.match(effects?.remark ?? '', /the host was booted anew/);
    assert.deepEqual((await bed.host()).quarantinedBecause, []);
    assert.equal(await bed.machine.demand('ls /sys/kernel/config/ordeal/cpu 2> /dev/null || true'), '');
  });
});
