import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Examination } from '../../agent/doctor.ts';
import { until } from '../until.ts';
import { AgentBed } from './agent-bed.ts';
import { KernelFault, type Attributes, type Kind } from './kernel-fault.ts';

const container = 'container/machine-victim.scope';
const cgroup = '/sys/fs/cgroup/machine.slice/machine-victim.scope';
const wills = '/var/lib/ordeal/agent/wills';
const MiB = 2 ** 20;
/** Of a machine of its usual speed: an agent that is started anew under a hog of all processors is not there by then. */
const faultSeconds = 10;
/** Longer than any fault, on any machine: it is taken away. */
const forMs = 3_600_000;
const lookEveryMs = 1_000;

const faults = {
  'cgroup-freeze': { cell: 'virtual.cpu.unavailability', file: 'cgroup.freeze', before: '0' },
  'cpu-quota': { cell: 'virtual.cpu.delay', file: 'cpu.max', before: 'max 100000' },
} as const;

type Mechanism = keyof typeof faults;

describe('the guardian of the agent as it is delivered', () => {
  let bed: AgentBed;
  let own: number;

  before(async () => {
    bed = await AgentBed.start({ cpus: 2 });
    await bed.machine.demand('modprobe ordeal_cpu && modprobe ordeal_memory');
    await bed.machine.demand(
      'systemd-run --quiet --scope --slice=machine.slice --unit=machine-victim --property=CPUWeight=50 sleep infinity > /dev/null 2>&1 < /dev/null &',
    );
    await bed.knows('container', 'machine-victim.scope');
    own = await guardian();
  });
  after(async () => {
    await bed.end();
  });

  async function guardian(): Promise<number> {
    return Number(await bed.machine.demand('systemctl show --property MainPID --value ordeal-agent'));
  }

  async function reads(file: string): Promise<string> {
    return (await bed.machine.demand(['cat', `${cgroup}/${file}`])).trim();
  }

  /** A fault that the guardian has the will of. */
  async function begun(mechanism: Mechanism): Promise<{ id: string; mechanism: Mechanism }> {
    const { cell } = faults[mechanism];
    const duration = bed.lasting(faultSeconds);
    return { id: await bed.inject({ cell, target: container, mechanism, duration }), mechanism };
  }

  /** Its end, amid a hog, of an agent that is killed or stopped before; then the record of it, once the hog is gone. */
  async function endsWithoutAgent(
    { id, mechanism }: Awaited<ReturnType<typeof begun>>,
    hog: KernelFault,
    signal: 'KILL' | 'STOP',
  ): Promise<void> {
    const { file, before } = faults[mechanism];
    const look = `"$(cat ${cgroup}/${file})"`;
    await bed.machine.demand(`test ${look} != '${before}' && pkill -${signal} --parent ${own}`);
    await bed.machine.demand(`until [ ${look} = '${before}' ]; do sleep 0.2; done`);
    assert.equal((await hog.status()).phase, 'open', 'the hog is still there');
    await hog.disarm();
    await bed.machine.run(`pkill -CONT --parent ${own}`);
    const { state, errorMessage } = await bed.ended(id);
    assert.deepEqual([state, errorMessage], ['ended', ''], 'the record says that it ended at its deadline');
    assert.equal(await guardian(), own, 'the guardian is the same');
    assert.equal(await bed.machine.demand(['ls', wills]), '');
    const said = await bed.machine.demand('journalctl --unit ordeal-agent --output cat');
    assert.match(said, new RegExp(`${id} is ended in place of its agent, \\d+ us after its deadline`));
    await until('the agent is there', async () => (await bed.host()).connected, lookEveryMs);
  }

  async function under(
    kind: Kind,
    attributes: Attributes,
    work: (hog: KernelFault) => Promise<void>,
  ): Promise<void> {
    const hog = await KernelFault.make(bed.machine, kind, attributes);
    try {
      await work(hog);
    } finally {
      await hog.remove();
    }
  }

  test('has what protects it, and its agent too, and the doctor says so', async () => {
    const its = Number(await bed.machine.demand(`pgrep --parent ${own}`));
    const look = (pid: number): string =>
      `grep VmLck /proc/${pid}/status; cat /proc/${pid}/oom_score_adj; chrt --pid ${pid}; ps -o nice= --pid ${pid}`;
    const ofGuardian = await bed.machine.demand(look(own));
    assert.match(ofGuardian, /VmLck:\s+[1-9]\d* kB\n-1000\n.*SCHED_FIFO.*\n.*99\n/);
    assert.match(await bed.machine.demand(look(its)), /VmLck:\s+0 kB\n-900\n.*SCHED_OTHER[^]*-20\n$/);
    // It does not end with 0: the image has not every program.
    const { stdout } = await bed.machine.run(['/opt/ordeal/bin/ordeal', 'doctor', '--json']);
    const { findings } = JSON.parse(stdout) as Examination;
    const about = findings.filter((one) => /^(guardian|agent)/.test(one.about));
    assert.deepEqual(
      about.filter(({ state }) => state !== 'good'),
      [],
    );
    assert.equal(about.length, 7);
    assert.equal(about.find((one) => one.about === 'agent: memory')?.found, '200 MiB are protected');
  });

  test('makes a cgroup whose memory is protected where it is told to, and removes it', async () => {
    const script = 'cat /proc/self/cgroup /sys/fs/cgroup/ordeal-by-hand/memory.min';
    const said = await bed.machine.demand([
      ...[
        '/opt/ordeal/dist/guardian/ordeal-guardian',
        '--wills',
        '/root/wills',
        '--cgroup',
        'ordeal-by-hand',
      ],
      ...['--', 'sh', '-c', script],
    ]);
    assert.equal(said, `0::/ordeal-by-hand\n${200 * MiB}\n`);
    assert.equal((await bed.machine.run('ls -d /sys/fs/cgroup/ordeal-by-hand')).code, 2, 'it is gone');
  });

  test('ends a freeze of a killed agent while a hog has all processors, and the next agent says so', async () => {
    const hog = { effect: 'hog', cpus: '0-1', hog_percent: 100, hog_class: 'fifo', hog_priority: 50 };
    await under('cpu', hog, async (fault) => {
      const freeze = await begun('cgroup-freeze');
      await fault.arm({ forMs });
      await endsWithoutAgent(freeze, fault, 'KILL');
    });
  });

  test('ends a quota of a stopped agent while a hog leaves next to no memory, and the agent says so', async () => {
    await under('memory', { effect: 'hog', floor_bytes: 100 * MiB }, async (fault) => {
      await fault.arm({ forMs });
      await fault.tells('floor_reached_ns', '[1-9][0-9]*');
      await endsWithoutAgent(await begun('cpu-quota'), fault, 'STOP');
    });
  });

  test('is started again with its agent when it is killed itself, and nothing of a fault is left', async () => {
    const { cell, file } = faults['cgroup-freeze'];
    const id = await bed.inject({ cell, target: container, mechanism: 'cgroup-freeze' });
    await bed.machine.demand(['kill', '-KILL', String(own)]);
    await until('there is another', async () => ![0, own].includes(await guardian()), lookEveryMs);
    await bed.ended(id);
    assert.equal(await reads(file), '0');
    assert.equal(await bed.machine.demand(['ls', wills]), '');
    await until('its agent has dialled', async () => (await bed.host()).connected, lookEveryMs);
    assert.deepEqual((await bed.host()).quarantinedBecause, []);
  });
});
