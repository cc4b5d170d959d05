import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { cells } from '../../injectors/cell.ts';
import { machineFingerprint } from '../integration/machine-fingerprint.ts';
import { filesystemBytes, TestFilesystem } from '../integration/test-filesystem.ts';
import { Deployment, until } from './deployment.ts';
import { Victim } from './victim.ts';

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
    assert.deepEqual(await machineFingerprint(), clean, 'nothing is left');
  });

  async function inject(cell: string, mechanism: string, target: string, ...more: string[]): Promise<string> {
    const answer = await deployment.json(
      'inject',
      cell,
      '--mechanism',
      mechanism,
      '--host',
      'host-1',
      '--target',
      target,
      '--allow-substitute',
      ...more,
    );
    const [injection] = injectionsSchema.parse(answer);
    assert.equal(injection?.state, 'active');
    return injection.id;
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
    const id = await inject('virtual.cpu.unavailability', 'sigkill', 'container/web', '--for', '1s');
    assert.notEqual(await victim.init(), killed);
    assert.equal(await ended(id), 1);
    await until('the supervisor has started another', async () => await victim.answers());
    assert.equal(await neighbour.init(), untouched);
  });

  test('sigkill by name ends every process of the name in the container, and none in its neighbour', async () => {
    const [killed, untouched] = [await victim.init(), await neighbour.init()];
    const named = ['--with', '{"process":"nginx"}'];
    const id = await inject(
      'virtual.cpu.unavailability',
      'sigkill',
      'container/web',
      '--for',
      '1s',
      ...named,
    );
    assert.notEqual(await victim.init(), killed);
    assert.ok((await ended(id)) > 1, 'the master and its workers');
    await until('the supervisor has started another', async () => await victim.answers());
    assert.equal(await neighbour.init(), untouched);
  });

  test('cgroup-freeze holds the container still for its time, and its neighbour goes on', async () => {
    const id = await inject('virtual.cpu.unavailability', 'cgroup-freeze', 'container/web', '--for', '4s');
    assert.equal(await victim.answers(), false);
    assert.equal(await neighbour.answers(), true);
    assert.ok((await ended(id)) > 0);
    assert.equal(await victim.answers(), true);
  });

  test('cpu-quota leaves a computation in the container its share, and its neighbour all it can get', async () => {
    const share = ['--with', '{"share":"10%"}'];
    const id = await inject('virtual.cpu.delay', 'cpu-quota', 'container/web', '--for', '6s', ...share);
    const [slowed, free] = await Promise.all([victim.computes(3000), neighbour.computes(3000)]);
    assert.ok(slowed > 0.02 && slowed < 0.2, `the victim got ${slowed} of a CPU`);
    assert.ok(free > 0.4, `the neighbour got ${free} of a CPU`);
    assert.ok((await ended(id)) > 0);
    assert.ok((await victim.computes(1000)) > 0.4, 'the quota is gone');
  });

  test('cpu-burn takes a computation in the container its CPU, and its neighbour none beyond what is shared', async () => {
    const burners = ['--with', '{"burners":16}'];
    const id = await inject('virtual.cpu.delay', 'cpu-burn', 'container/web', '--for', '6s', ...burners);
    const [slowed, free] = await Promise.all([victim.computes(3000), neighbour.computes(3000)]);
    // The kernel deals out the CPUs by container: one of seventeen in the one, the only one in the other.
    assert.ok(slowed < 0.3, `the victim got ${slowed} of a CPU`);
    assert.ok(free > 2 * slowed, `the neighbour got ${free} of a CPU, the victim ${slowed}`);
    assert.ok((await ended(id)) > 0);
    assert.ok((await victim.computes(1000)) > 2 * slowed, 'the burners are gone');
  });

  test('memory-limit refuses a process in the container memory, and its neighbour none', async () => {
    assert.equal(await victim.obtains(64), true);
    const limit = ['--with', '{"limit":"+16MiB"}'];
    const id = await inject(
      'virtual.memory.unavailability',
      'memory-limit',
      'container/web',
      '--for',
      '5s',
      ...limit,
    );
    assert.equal(await victim.obtains(64), false);
    assert.equal(await neighbour.obtains(64), true);
    assert.ok((await ended(id)) > 0);
    assert.equal(await victim.obtains(64), true);
  });

  test('memory-thrash makes a process in the container read again from disk what it had in memory', async () => {
    const room = ['--with', '{"pressure":"30%","room":"16MiB"}'];
    const id = await inject('virtual.memory.delay', 'memory-thrash', 'container/web', '--for', '8s', ...room);
    const [again, beside] = await Promise.all([victim.readsFromDisk(4000), neighbour.readsFromDisk(4000)]);
    assert.ok(again > 8 << 20, `the victim read ${again} bytes from disk`);
    // Some pages of its program may come from the disk; of the file, read hundreds of times, there is none.
    assert.ok(beside < 1 << 20, `the neighbour read ${beside} bytes from disk`);
    assert.ok((await ended(id)) > 0);
    assert.ok((await victim.readsFromDisk(1000)) < 1 << 20, 'what is read stays in memory again');
  });

  test('disk-fill leaves a process in the container no space for what it writes, and another filesystem all of its own', async (context) => {
    const filesystem = await TestFilesystem.make(context);
    const other = await TestFilesystem.make(context);
    const where = ['--with', JSON.stringify({ directory: filesystem.directory })];
    const cell = 'virtual.storage.unavailability';
    assert.equal(await victim.writes(filesystem.directory), true);
    const id = await inject(cell, 'disk-fill', 'container/web', '--for', '5s', ...where);
    assert.equal(await victim.writes(filesystem.directory), false);
    assert.equal(await victim.writes(other.directory), true);
    assert.ok((await ended(id)) >= 15);
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

  test('io-burn makes what a process in the container writes wait for the disk, and not what goes to memory', async (context) => {
    const directory = await mkdtemp('/var/tmp/ordtest-e2e-');
    context.after(async () => {
      await rm(directory, { recursive: true });
    });
    const inMemory = await TestFilesystem.make(context);
    const where = { directory, burners: 8, block: '256KiB', size: '4MiB' };
    const before = await victim.syncs(directory, 1000);
    const more = ['--for', '5s', '--with', JSON.stringify(where)];
    const id = await inject('virtual.storage.delay', 'io-burn', 'container/web', ...more);
    const during = await victim.syncs(directory, 1000);
    const beside = await neighbour.syncs(inMemory.directory, 1000);
    assert.ok(during < before / 2, `${before} writes before, ${during} during the fault`);
    assert.ok(beside > 2 * during, `${beside} writes to memory, ${during} to the disk`);
    assert.ok((await ended(id)) > 0);
    assert.ok((await victim.syncs(directory, 1000)) > 2 * during, 'the disk is free again');
  });

  test('nft-drop on the NIC of a host cuts all that is behind it, and no other host', async () => {
    const id = await inject('physical.network.unavailability', 'nft-drop', 'nic/eth0', '--for', '4s');
    assert.equal(await victim.lostPings(20), 1);
    assert.equal(await neighbour.lostPings(20), 0);
    assert.ok((await ended(id)) > 0);
    assert.equal(await victim.lostPings(20), 0);
  });

  test('nft-drop on the interface of a container drops the share that was asked for', async () => {
    const share = ['--share', '30%', '--with', '{"direction":"in"}'];
    const id = await inject(
      'virtual.network.unavailability',
      'nft-drop',
      'container/web',
      '--for',
      '6s',
      ...share,
    );
    const lost = await victim.lostPings(100);
    assert.ok(lost > 0.1 && lost < 0.55, `${lost} of the pings were lost`);
    assert.equal(await neighbour.lostPings(20), 0);
    assert.ok((await ended(id)) > 0);
    assert.equal(await victim.lostPings(20), 0);
  });

  for (const [claim, cell, target, direction] of [
    ['what a host sends', 'physical.network.delay', 'nic/eth0', 'out'],
    ['what a container sends', 'virtual.network.delay', 'container/web', 'out'],
    ['what a container receives', 'virtual.network.delay', 'container/web', 'in'],
  ] as const) {
    test(`link-saturate lets ${claim} wait, and nothing of its neighbour`, async () => {
      // 40 pings of 1042 bytes take 1.3 s at this rate, and are sent within 0.8 s.
      const narrow = JSON.stringify({ rate: '256kbit/s', burst: '2KiB', latency: '3s', direction });
      const id = await inject(cell, 'link-saturate', target, '--for', '6s', '--with', narrow);
      const [slowed, free] = [await victim.slowestPingMs(), await neighbour.slowestPingMs()];
      assert.ok(slowed > 200, `the slowest ping took ${slowed} ms`);
      assert.ok(free < 200, `the neighbour's slowest ping took ${free} ms`);
      assert.ok((await ended(id)) > 0);
      assert.ok((await victim.slowestPingMs()) < 200, 'the link is wide again');
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
    assert.equal(await victim.lostPings(10), 0);
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
