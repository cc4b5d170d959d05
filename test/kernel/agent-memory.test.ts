import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { AgentBed } from './agent-bed.ts';
import { GuestAsking } from './guest-asking.ts';
import { GuestMappings, type Changed } from './guest-mappings.ts';
import { GuestMemory } from './guest-memory.ts';
import { GuestReading } from './guest-reading.ts';
import { asContainer, groupOf } from './guest-scope.ts';

const faults = '/sys/kernel/config/ordeal/memory';
const host = 'host/nfvi-1';
const MiB = 2 ** 20;
const floor = 350 * MiB;
/** What programs of the machine take and free meanwhile, and what a hog leaves alone above its floor. */
const about = 50 * MiB;

const container = (name: string): string => `container/machine-${name}.scope`;

/** What a record says that was changed, as the program would say it whose memory of this kind begins there. */
function corruptionsIn(remark: string, kind: string, begin = 0n): Changed[] {
  const said = [...remark.matchAll(/(\w+) at (0x[0-9a-f]+) ([0-9a-f]+) -> ([0-9a-f]+) of/g)];
  return said.flatMap(([, mapping = '', address = '0', before = '', after = '']) => {
    const [old, changed] = [Buffer.from(before, 'hex'), Buffer.from(after, 'hex')];
    const first = Number(BigInt(address) - begin);
    return [...old].flatMap((byte, at) => {
      const now = changed[at] ?? byte;
      return mapping !== kind || now === byte ? [] : [{ kind, offset: first + at, before: byte, now }];
    });
  });
}

describe('faults of memory, through the agent as it is delivered', () => {
  let bed: AgentBed;
  let memory: GuestMemory;
  let asking: GuestAsking;
  let holding: GuestMappings;
  let reading: GuestReading;

  before(async () => {
    bed = await AgentBed.start({ cpus: 2 });
    memory = new GuestMemory(bed.machine);
    asking = await GuestAsking.bring(bed.machine);
    holding = await GuestMappings.bring(bed.machine);
    reading = new GuestReading(bed.machine);
  });
  after(async () => {
    await bed.end();
  });

  async function nothingIsLeft(): Promise<void> {
    // In brackets, lest the shell that asks finds itself.
    assert.equal(await bed.machine.demand(`ls ${faults} 2> /dev/null || true`), '');
    assert.equal(await bed.machine.demand('pgrep --full "[o]rdeal:memory-thrash:" || true'), '');
  }

  async function agentPid(): Promise<string> {
    return (await bed.machine.demand('systemctl show --property MainPID ordeal-agent')).trim();
  }

  async function reachesEffects(count: number): Promise<void> {
    await bed.machine.demand(
      `until [ "$(sed -n 's/^effects: //p' ${faults}/*/status)" -ge ${count} ]; do sleep 0.1; done`,
    );
  }

  test('every one of the 24 cells is served here by something that works and is no substitute', async () => {
    const served = await bed.served();
    assert.equal(served.size, 24);
    for (const [cell, mechanisms] of served) assert.ok(mechanisms.length > 0, cell);
  });

  test('no program of the host gets more than the floor, until the fault is stopped', async () => {
    const parameters = { floor: `${floor}B` };
    const id = await bed.inject({ cell: 'physical.memory.unavailability', target: host, parameters });
    await bed.machine.demand(
      `until grep -q '^floor_reached_ns: [1-9]' ${faults}/*/status; do sleep 0.1; done`,
    );
    // What the kernel tells any program; to take all of it would take it from the agent, too.
    assert.ok((await memory.available()) <= floor + about);
    const { effects } = await bed.stop(id);
    assert.ok((effects?.count ?? 0) > 0);
    assert.match(effects?.remark ?? '', /^it held \d+\.\d MiB at the most/);
    assert.ok((await memory.available()) > floor + about);
    await nothingIsLeft();
  });

  test('a floor above what programs could have is refused before anything happens', async () => {
    const where = ['--host', 'nfvi-1', '--target', host, '--for', '10s', '--with', '{"floor":"99%"}'];
    const { code, stderr, stdout } = await bed.ordeal('inject', 'physical.memory.unavailability', ...where);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /programs could have only \d+ more: nothing would be taken/);
    await nothingIsLeft();
  });

  for (const scope of ['cgroup', 'pid namespace'])
    test(`a program of a container, told by its ${scope}, gets no more memory, one beside it does`, async () => {
      const victim = await asking.start('wants', { argument: '5', by: asContainer('asking') });
      const neighbour = await asking.start('wants', { argument: '5' });
      await bed.knows('container', 'machine-asking.scope');
      const fault = { cell: 'virtual.memory.unavailability', target: container('asking') };
      const id = await bed.inject({ ...fault, parameters: { scope } });
      assert.deepEqual([await victim.go(), await neighbour.go()], ['-----', '+++++']);
      assert.ok(((await bed.stop(id)).effects?.count ?? 0) >= 5);
      await nothingIsLeft();
    });

  test('one process of the host gets no more memory, the others do; all of them are refused to nobody', async () => {
    const victim = await (await asking.as('victim')).start('wants', { argument: '5' });
    const neighbour = await asking.start('wants', { argument: '5' });
    const fault = { cell: 'physical.memory.unavailability', target: host, mechanism: 'kernel-enomem' };
    const id = await bed.inject({ ...fault, parameters: { process: 'victim' } });
    assert.deepEqual([await victim.go(), await neighbour.go()], ['-----', '+++++']);
    await bed.stop(id);
    const where = ['--host', 'nfvi-1', '--target', host, '--for', '10s', '--mechanism', 'kernel-enomem'];
    const { code, stderr, stdout } = await bed.ordeal('inject', fault.cell, ...where);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /on a host it has to be one process that is refused/);
    await nothingIsLeft();
  });

  for (const scope of ['cgroup', 'pid namespace'])
    test(`100 bytes of a container, told by its ${scope}, are changed where a register points to, and none beside it`, async () => {
      const victim = await holding.start(asContainer('holding'));
      const neighbour = await holding.start();
      await bed.knows('container', 'machine-holding.scope');
      const fault = { cell: 'virtual.memory.corruption', target: container('holding') };
      const id = await bed.inject({ ...fault, parameters: { every: '2ms', registers: ['bx'], scope } });
      await reachesEffects(1);
      const changes = await victim.changes();
      const { effects } = await bed.stop(id);
      assert.deepEqual([changes.length, effects?.count], [100, 1]);
      assert.deepEqual(corruptionsIn(effects?.remark ?? '', 'anon', victim.at['anon']), changes);
      assert.deepEqual(await neighbour.changes(), []);
      await nothingIsLeft();
    });

  test('a single bit at an address of one process of the host is flipped, and a byte there is set', async () => {
    const neighbour = await holding.start();
    const named = await holding.as('holder');
    for (const [change, expected] of [
      [{ change: 'flip', bitMask: '0x80' }, (before: number) => before ^ 0x80],
      [{ change: 'set', value: 255 }, () => 255],
    ] as const) {
      const victim = await named.start('', { alone: true });
      const address = `0x${((victim.at['heap'] ?? 0n) + 17n).toString(16)}`;
      const place = { process: 'holder', trigger: 'syscall', at: 'address', address, bytes: 1 };
      const fault = { cell: 'physical.memory.corruption', target: host };
      const id = await bed.inject({ ...fault, parameters: { ...place, ...change } });
      await reachesEffects(1);
      await bed.stop(id);
      const [changed, ...others] = await victim.changes();
      assert.ok(changed !== undefined && others.length === 0);
      assert.deepEqual([changed.kind, changed.offset], ['heap', 17]);
      assert.equal(changed.now, expected(changed.before));
    }
    assert.deepEqual(await neighbour.changes(), []);
    await nothingIsLeft();
  });

  describe('by thrashing', () => {
    const pressure = 0.2;
    const parameters = { pressure: '20%' };

    /** In which some task of the machine, or of a cgroup, waited for memory meanwhile. */
    async function shareWaited(file = '/proc/pressure/memory'): Promise<number> {
      const said = await bed.machine.demand(`
        look() { sed -n 's/^some .*total=//p' ${file}; cut -d' ' -f1 /proc/uptime; }
        look; sleep 10; look`);
      const [waited = 0, at = 0, waitedThen = 0, then = 0] = said.trim().split('\n').map(Number);
      return (waitedThen - waited) / 1e6 / (then - at);
    }

    /** The thrashers feel their way, which takes them a while. */
    async function waitsAsAsked(file?: string): Promise<void> {
      await until(`tasks wait for memory about ${pressure} of the time`, async () => {
        const waited = await shareWaited(file);
        return waited > pressure / 4 && waited < 4 * pressure;
      });
    }

    async function rereads(program: { readAgain(): Promise<number> }, atLeast: number): Promise<void> {
      while ((await program.readAgain()) < atLeast) await bed.machine.demand('sleep 0.5');
    }

    test('a container of cgroup v2 reads again what it had in memory, and one beside it does not', async () => {
      const victim = await reading.start(asContainer('reading'));
      const neighbour = await reading.start();
      await bed.knows('container', 'machine-reading.scope');
      const cgroup = groupOf('reading');
      const before = await bed.machine.demand(`cat ${cgroup}/memory.max ${cgroup}/memory.swap.max`);
      const fault = { cell: 'virtual.memory.delay', target: container('reading') };
      const id = await bed.inject({ ...fault, mechanism: 'memory-thrash', parameters });
      await rereads(victim, 8 * MiB);
      await waitsAsAsked(`${cgroup}/memory.pressure`);
      assert.ok((await neighbour.readAgain()) < MiB);
      const { effects } = await bed.stop(id);
      assert.ok((effects?.count ?? 0) > 1000);
      assert.equal(await bed.machine.demand(`cat ${cgroup}/memory.max ${cgroup}/memory.swap.max`), before);
      await nothingIsLeft();
      await victim.end();
      await neighbour.end();
    });

    test('a host waits for memory as much as asked, its programs read again what they had, and its agent lives on', async () => {
      const victim = await reading.start('', { bytes: 192 * MiB });
      const agent = await agentPid();
      const fault = { cell: 'physical.memory.delay', target: host };
      const id = await bed.inject({ ...fault, mechanism: 'memory-thrash', parameters });
      await rereads(victim, 8 * MiB);
      await waitsAsAsked();
      const { effects } = await bed.stop(id);
      assert.ok((effects?.count ?? 0) > 1000);
      assert.equal(await agentPid(), agent);
      await nothingIsLeft();
      await bed.machine.demand('sleep 3');
      assert.ok((await shareWaited()) < pressure / 4, 'it is over');
      await victim.end();
    });
  });

  describe('whose agent was killed amid it', () => {
    const wentOn = new Map<string, boolean>();
    const over = new Map<string, boolean>();
    const ends = new Map<string, string>();
    const kinds = ['kernel-memory-hog', 'kernel-enomem', 'kernel-memory-corrupt'];

    // All kinds at once: one death, one restart.
    before(async () => {
      const during = await asking.start('wants', { argument: '3', by: asContainer('asked') });
      const joining = `sh -c 'echo $$ > ${groupOf('asked')}/cgroup.procs; exec "$@"' sh`;
      const afterwards = await asking.start('wants', { argument: '3', by: joining });
      const keeper = await holding.start(asContainer('kept'));
      await bed.knows('container', 'machine-asked.scope', 'machine-kept.scope');
      const duration = bed.lasting(15);
      await Promise.all([
        bed.inject({
          cell: 'physical.memory.unavailability',
          target: host,
          parameters: { floor: `${floor}B` },
          duration,
        }),
        bed.inject({ cell: 'virtual.memory.unavailability', target: container('asked'), duration }),
        bed.inject({
          cell: 'virtual.memory.corruption',
          target: container('kept'),
          parameters: { every: '2ms', registers: ['bx'], times: 0 },
          duration,
        }),
      ]);
      await bed.killAgent();
      wentOn.set('kernel-enomem', (await during.go()) === '---');
      const corrupted = await effectsOf('kernel-memory-corrupt');
      wentOn.set('kernel-memory-hog', (await heldBytes()) > 0 && (await memory.available()) < floor + about);
      await bed.machine.demand('sleep 1');
      wentOn.set('kernel-memory-corrupt', (await effectsOf('kernel-memory-corrupt')) > corrupted);
      for (const mechanism of kinds) ends.set(mechanism, await bed.endInKernel(faults, mechanism));
      await bed.machine.demand(
        `until grep -q '^held_bytes: 0$' ${faults}/kernel-memory-hog_*/status; do sleep 0.1; done`,
      );
      over.set('kernel-memory-hog', (await memory.available()) > floor + about);
      over.set('kernel-enomem', (await afterwards.go()) === '+++');
      const inAll = await effectsOf('kernel-memory-corrupt');
      assert.notDeepEqual(await keeper.changes(), []);
      over.set('kernel-memory-corrupt', (await effectsOf('kernel-memory-corrupt')) === inAll);
      await bed.startAgent();
    });

    async function statusLine(mechanism: string, name: string): Promise<number> {
      return Number(await bed.machine.demand(`sed -n 's/^${name}: //p' ${faults}/${mechanism}_*/status`));
    }

    async function effectsOf(mechanism: string): Promise<number> {
      return await statusLine(mechanism, 'effects');
    }

    async function heldBytes(): Promise<number> {
      return await statusLine('kernel-memory-hog', 'held_bytes');
    }

    for (const mechanism of kinds)
      test(`${mechanism} goes on until its deadline, by which the kernel ends it`, () => {
        assert.equal(wentOn.get(mechanism), true, 'it went on');
        assert.equal(ends.get(mechanism), 'deadline');
        assert.equal(over.get(mechanism), true, 'it is over');
      });

    test('of all of them the next agent leaves nothing, and the host is clean', async () => {
      await nothingIsLeft();
      assert.deepEqual((await bed.host()).quarantinedBecause, []);
    });

    test('thrashers of a host end with their agent', async () => {
      await bed.inject({ cell: 'physical.memory.delay', target: host, mechanism: 'memory-thrash' });
      await bed.killAgent();
      await bed.machine.demand('while pgrep --full "[o]rdeal:memory-thrash:"; do sleep 0.1; done');
      await bed.startAgent();
      await nothingIsLeft();
      assert.deepEqual((await bed.host()).quarantinedBecause, []);
    });
  });
});
