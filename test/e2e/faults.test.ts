import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { cells } from '../../injectors/cell.ts';
import { youngestOf } from '../../injectors/hog/removal.ts';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { keepOnOneCpu, usedUs } from '../integration/one-cpu.ts';
import { filesystemBytes, TestFilesystem } from '../integration/test-filesystem.ts';
import { until } from '../until.ts';
import { Deployment } from './deployment.ts';
import { countedOf, Victim } from './victim.ts';

const injectionsSchema = z.array(
  z.looseObject({
    id: z.string(),
    state: z.string(),
    effects: z.looseObject({ count: z.number() }).nullable(),
  }),
);

const cellsSchema = z.array(
  z.looseObject({
    id: z.string(),
    mechanisms: z.array(
      z.looseObject({
        name: z.string(),
        hosts: z.array(
          z.looseObject({
            host: z.string(),
            capability: z.looseObject({ supported: z.boolean(), reason: z.string(), remedy: z.string() }),
          }),
        ),
      }),
    ),
  }),
);

describe('every supported fault, from the command line to the victim', () => {
  let clean: string[];
  let deployment: Deployment;
  let victim: Victim;
  let neighbour: Victim;

  before(async () => {
    clean = await machineFingerprint();
    deployment = await Deployment.start('faults');
    victim = new Victim(deployment.system, 'host-1');
    neighbour = new Victim(deployment.system, 'host-2');
  });
  after(async () => {
    await deployment.end();
    await assertLeftAsFound(clean);
  });

  async function inject(cell: string, mechanism: string, target: string, ...more: string[]): Promise<string> {
    const where = ['--host', 'host-1', '--target', target, '--allow-substitute'];
    const lasting = more.includes('--for') ? [] : ['--for', '10m'];
    const answer = await deployment.json(
      'inject',
      cell,
      '--mechanism',
      mechanism,
      ...where,
      ...lasting,
      ...more,
    );
    const [injection] = injectionsSchema.parse(answer);
    assert.equal(injection?.state, 'active');
    return injection.id;
  }

  async function startedSince(before: readonly number[], one: Victim): Promise<number[]> {
    return (await one.processes()).filter((pid) => !before.includes(pid));
  }

  /** Answers how many effects it had. A fault is there for as long as its test takes, and ended by hand. */
  async function stopped(id: string): Promise<number> {
    assert.equal((await deployment.ordeal('stop', id)).code, 0);
    return await ended(id);
  }

  async function ended(id: string): Promise<number> {
    let count = -1;
    await until(`${id} has ended`, async () => {
      const all = injectionsSchema.parse(await deployment.json('injections', '--all'));
      const injection = all.find((candidate) => candidate.id === id);
      count = injection?.effects?.count ?? -1;
      return injection?.state === 'ended';
    });
    return count;
  }

  test('the catalogue has the 24 cells, and each mechanism says of each host what it can do or why not', async () => {
    const listed = cellsSchema.parse(await deployment.json('faults'));
    assert.deepEqual(
      listed.map(({ id }) => id),
      cells,
    );
    for (const { name, hosts } of listed.flatMap(({ mechanisms }) => mechanisms)) {
      assert.deepEqual(hosts.map(({ host }) => host).sort(), ['host-1', 'host-2', 'tester'], name);
      for (const { capability } of hosts) {
        assert.ok(capability.supported || (capability.reason !== '' && capability.remedy !== ''), name);
      }
    }
  });

  test('sigkill ends the first process of the container, and the supervisor starts another', async () => {
    const [killed, untouched] = [await victim.init(), await neighbour.init()];
    assert.ok(killed !== undefined);
    const id = await inject('virtual.cpu.unavailability', 'sigkill', 'container/web');
    assert.notEqual(await victim.init(), killed);
    assert.equal(await stopped(id), 1);
    await until('the supervisor has started another', async () => await victim.answers());
    assert.equal(await neighbour.init(), untouched);
  });

  test('sigkill by name ends every process of the name in the container, and none in its neighbour', async () => {
    const [killed, untouched] = [await victim.init(), await neighbour.init()];
    const named = ['--with', '{"process":"nginx"}'];
    const id = await inject('virtual.cpu.unavailability', 'sigkill', 'container/web', ...named);
    assert.notEqual(await victim.init(), killed);
    assert.ok((await stopped(id)) > 1, 'the master and its workers');
    await until('the supervisor has started another', async () => await victim.answers());
    assert.equal(await neighbour.init(), untouched);
  });

  test('cgroup-freeze holds the container still, and its neighbour goes on', async () => {
    const id = await inject('virtual.cpu.unavailability', 'cgroup-freeze', 'container/web');
    assert.equal(await victim.isFrozen(), true);
    assert.equal(await victim.answers(), false);
    assert.equal(await neighbour.isFrozen(), false);
    await until('the neighbour answers', async () => await neighbour.answers());
    assert.ok((await stopped(id)) > 0);
    await until('the victim answers', async () => await victim.answers());
  });

  test('a fault that nobody stops ends at its deadline', async () => {
    const for3s = ['--for', '3s'];
    const id = await inject('virtual.cpu.unavailability', 'cgroup-freeze', 'container/web', ...for3s);
    assert.ok((await ended(id)) > 0);
    assert.equal(await victim.isFrozen(), false);
  });

  test('cpu-quota cuts a computation in the container short, and none in its neighbour', async () => {
    const share = ['--with', '{"share":"5%"}'];
    const id = await inject('virtual.cpu.delay', 'cpu-quota', 'container/web', ...share);
    const [before, beside] = [await victim.throttledPeriods(), await neighbour.throttledPeriods()];
    await neighbour.computing(async () => {
      await victim.computing(async () => {
        await until('the victim is held back', async () => (await victim.throttledPeriods()) >= before + 5);
      });
    });
    assert.equal(await neighbour.throttledPeriods(), beside);
    assert.ok((await stopped(id)) >= 5);
    const after = await victim.throttledPeriods();
    await victim.computing(async (pid) => {
      await until('it computes freely', async () => (await usedUs([pid])) > 300_000);
    });
    assert.equal(await victim.throttledPeriods(), after, 'the quota is gone');
  });

  test('cpu-burn takes a computation in the container its CPU, and its neighbour none beyond what is shared', async () => {
    const [own, beside] = [await victim.processes(), await neighbour.processes()];
    const burners = ['--with', '{"burners":16}'];
    const id = await inject('virtual.cpu.delay', 'cpu-burn', 'container/web', ...burners);
    const burning = await startedSince(own, victim);
    assert.ok(burning.length >= 16, `${burning.length} processes`);
    assert.deepEqual(await startedSince(beside, neighbour), []);
    await victim.computing(async (pid) => {
      await keepOnOneCpu([pid, ...burning]);
      const [ownUs, burntUs] = [await usedUs([pid]), await usedUs(burning)];
      await until('they have burnt', async () => (await usedUs(burning)) > burntUs + 500_000);
      // Each of seventeen has the same share of that CPU.
      const [computed, burnt] = [(await usedUs([pid])) - ownUs, (await usedUs(burning)) - burntUs];
      assert.ok(computed < burnt / 5, `the victim computed for ${computed} us, the burners for ${burnt} us`);
    });
    assert.ok((await stopped(id)) >= 500);
    assert.deepEqual(await startedSince(own, victim), [], 'the burners are gone');
  });

  test('memory-limit refuses a process in the container memory, and its neighbour none', async () => {
    assert.equal(await victim.obtains(64), true);
    const limit = ['--with', '{"limit":"+16MiB"}'];
    const id = await inject('virtual.memory.unavailability', 'memory-limit', 'container/web', ...limit);
    assert.equal(await victim.obtains(64), false);
    assert.equal(await neighbour.obtains(64), true);
    assert.ok((await stopped(id)) > 0);
    assert.equal(await victim.obtains(64), true);
  });

  test('memory-thrash makes a process in the container read again from disk what it had in memory', async () => {
    const room = ['--with', '{"pressure":"30%","room":"16MiB"}'];
    const id = await inject('virtual.memory.delay', 'memory-thrash', 'container/web', ...room);
    await victim.rereading(async (read) => {
      await until('it comes from the disk', async () => (await read()).fromDisk > 8 << 20);
    });
    // Some pages of its program may come from the disk; of the file, read again and again, there is none.
    const readsFromMemory = async (reader: Victim): Promise<void> => {
      const fromDisk = await reader.rereading(async (read) => {
        await until('it has read the file again and again', async () => (await read()).all > 80 << 20);
        return (await read()).fromDisk;
      });
      assert.ok(fromDisk < 1 << 20, `${fromDisk} bytes came from the disk`);
    };
    await readsFromMemory(neighbour);
    assert.ok((await stopped(id)) > 0);
    await readsFromMemory(victim);
  });

  test('disk-fill leaves a process in the container no space for what it writes, and another filesystem all of its own', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const other = await TestFilesystem.make(context);
    const where = ['--with', JSON.stringify({ directory: filesystem.directory })];
    const cell = 'virtual.storage.unavailability';
    assert.equal(await victim.writes(filesystem.directory), true);
    const id = await inject(cell, 'disk-fill', 'container/web', ...where);
    assert.equal(await victim.writes(filesystem.directory), false);
    assert.equal(await victim.writes(other.directory), true);
    assert.ok((await stopped(id)) >= 15);
    assert.equal(await victim.writes(filesystem.directory), true);
    assert.equal(await filesystem.freeBytes(), filesystemBytes);
  });

  test('disk-fill never fills what the agent itself writes to', async () => {
    const where = ['--with', JSON.stringify({ directory: deployment.directory })];
    const asked = [
      '--mechanism',
      'disk-fill',
      '--host',
      'host-1',
      '--target',
      'container/web',
      '--for',
      '2s',
    ];
    const cell = 'virtual.storage.unavailability';
    const { code, stdout } = await deployment.ordeal(
      'inject',
      cell,
      ...asked,
      '--allow-substitute',
      ...where,
    );
    assert.equal(code, 3);
    assert.match(stdout, /where Ordeal keeps its own/);
  });

  test('io-burn sends requests to the disk from within the container, and none from its neighbour', async (context) => {
    const directory = await mkdtemp('/var/tmp/ordtest-e2e-');
    context.after(async () => {
      await rm(directory, { recursive: true });
    });
    const [own, beside] = [await victim.processes(), await neighbour.processes()];
    const where = { directory, burners: 8, block: '256KiB', size: '4MiB' };
    const id = await inject(
      'virtual.storage.delay',
      'io-burn',
      'container/web',
      '--with',
      JSON.stringify(where),
    );
    const burning = await startedSince(own, victim);
    assert.ok(burning.length >= 8, `${burning.length} processes`);
    assert.deepEqual(await startedSince(beside, neighbour), []);
    for (const pid of await youngestOf(burning)) {
      const sent = async (): Promise<number> => await countedOf(pid, 'write_bytes');
      await until('each has the disk write its blocks', async () => (await sent()) >= 256 * 1024);
    }
    assert.ok((await stopped(id)) >= 8);
    assert.deepEqual(await startedSince(own, victim), [], 'the burners are gone');
    assert.deepEqual(await readdir(directory), []);
  });

  test('nft-drop on the NIC of a host cuts all that is behind it, and no other host', async () => {
    const id = await inject('physical.network.unavailability', 'nft-drop', 'nic/eth0');
    assert.equal(await victim.lostPings(20), 1);
    await neighbour.answersPings(20);
    assert.ok((await stopped(id)) > 0);
    await victim.answersPings(20);
  });

  test('nft-drop on the interface of a container drops the share that was asked for', async () => {
    const share = ['--share', '30%', '--with', '{"direction":"in"}'];
    const id = await inject('virtual.network.unavailability', 'nft-drop', 'container/web', ...share);
    const lost = await victim.lostPings(100);
    assert.ok(lost > 0.1 && lost < 0.55, `${lost} of the pings were lost`);
    await neighbour.answersPings(20);
    assert.ok((await stopped(id)) > 0);
    await victim.answersPings(20);
  });

  for (const [claim, cell, target, direction] of [
    ['what a host sends', 'physical.network.delay', 'nic/eth0', 'out'],
    ['what a container sends', 'virtual.network.delay', 'container/web', 'out'],
    ['what a container receives', 'virtual.network.delay', 'container/web', 'in'],
  ] as const) {
    test(`link-saturate lets ${claim} wait, and nothing of its neighbour`, async () => {
      const [before, beside] = [await victim.queues(), await neighbour.queues()];
      // 40 pings of 1042 bytes take 1.3 s at this rate.
      const narrow = JSON.stringify({ rate: '256kbit/s', burst: '2KiB', latency: '10s', direction });
      const id = await inject(cell, 'link-saturate', target, '--with', narrow);
      const slowest = await victim.slowestPingMs();
      assert.ok(slowest > 200, `the slowest ping took ${slowest} ms`);
      assert.match(await victim.queues(), /tbf/);
      assert.equal(await neighbour.queues(), beside, 'it has nothing to wait in');
      await neighbour.answersPings(20);
      assert.ok((await stopped(id)) > 0);
      assert.equal(await victim.queues(), before, 'the link is wide again');
      await victim.answersPings(20);
    });
  }

  test('a substitute is injected only where that is allowed', async () => {
    const asked = ['--mechanism', 'nft-drop', '--host', 'host-1', '--target', 'nic/eth0', '--for', '2s'];
    const { code, stderr } = await deployment.ordeal('inject', 'physical.network.unavailability', ...asked);
    assert.equal(code, 2);
    assert.match(stderr, /only stands in for what the fault model asks for.*--allow-substitute/s);
  });

  test('stop ends one injection before its time, and stop --all every one', async () => {
    const id = await inject('virtual.cpu.unavailability', 'cgroup-freeze', 'container/web', '--for', '5m');
    assert.equal((await deployment.ordeal('stop', id)).code, 0);
    assert.equal(await victim.isFrozen(), false);
    await inject('virtual.cpu.unavailability', 'cgroup-freeze', 'container/web', '--for', '5m');
    await inject('physical.network.unavailability', 'nft-drop', 'nic/eth0', '--for', '5m');
    assert.equal((await deployment.ordeal('stop', '--all')).code, 0);
    assert.equal(await victim.isFrozen(), false);
    await victim.answersPings(10);
  });

  test('what carries Ordeal itself is refused as a target', async () => {
    const asked = [
      'physical.network.unavailability',
      '--mechanism',
      'nft-drop',
      '--host',
      'host-1',
      '--target',
      'nic/mgmt0',
      '--allow-substitute',
    ];
    const { code, stderr } = await deployment.ordeal('inject', ...asked, '--for', '2s');
    assert.equal(code, 2);
    assert.match(stderr, /mgmt0/);
  });
});
