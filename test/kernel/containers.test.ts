import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { AgentBed } from './agent-bed.ts';
import { containerPackages, GuestContainer, makeImage } from './guest-container.ts';

const gateway = '172.17.0.1';
const heldMs = 700;
const lookEveryMs = 1_000;

let bed: AgentBed;
let web: GuestContainer;
let neighbour: GuestContainer;

before(async () => {
  bed = await AgentBed.start({ extraPackages: containerPackages });
  const { machine } = bed;
  await makeImage(machine);
  // What the victim keeps is on a disk of its own, and so is what its neighbour keeps.
  await machine.demand(`set -e
    for disk in sda sdb; do
      mkfs.ext4 -q -F /dev/$disk
      mkdir -p /srv/$disk
      mount /dev/$disk /srv/$disk
      seq 1 20000 > /srv/$disk/kept
    done
    sync`);
  web = await GuestContainer.start(machine, 'docker', 'web-1', '-v /srv/sda:/data');
  neighbour = await GuestContainer.start(machine, 'docker', 'web-2', '-v /srv/sdb:/data');
  await bed.knows('container', web.name, neighbour.name);
});
after(async () => {
  await bed.end();
});

async function nothingIsLeft(): Promise<void> {
  assert.equal(
    await bed.machine.demand('cd /sys/kernel/config/ordeal 2> /dev/null && find . -name "kernel-*" || true'),
    '',
  );
}

/** What is read of the volume, past all caches, as a sum; that of nothing, where it cannot be read. */
async function kept(container: GuestContainer): Promise<string> {
  return (await container.inside('dd if=/data/kept bs=4k iflag=direct 2> /dev/null | md5sum')).said;
}

describe('a container of Docker', () => {
  test('is told with its runtime, its id, its name and its image', async () => {
    const found = (await bed.host()).resources.find(({ name }) => name === web.name);
    assert.match(found?.facts['id'] ?? '', /^[0-9a-f]{64}$/);
    assert.equal(found?.facts['runtime'], 'docker');
    assert.equal(found.facts['image'], 'box:1');
    assert.equal(found.protectedBecause, '');
  });

  test('stands still while it is frozen, its neighbour does not', async () => {
    const mechanism = 'cgroup-freeze';
    const id = await bed.inject({ cell: 'virtual.cpu.unavailability', mechanism, target: web.target });
    assert.deepEqual([await web.ticks(), await neighbour.ticks()], [false, true]);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) >= 1);
    assert.equal(await web.ticks(), true);
  });

  test('is throttled by a quota, its neighbour is not', async () => {
    const throttled = async (container: GuestContainer): Promise<number> => {
      const pid = await container.pid();
      const said = await bed.machine.demand(
        `sed -n 's/^nr_throttled //p' /sys/fs/cgroup$(cut -d: -f3 /proc/${pid}/cgroup)/cpu.stat`,
      );
      return Number(said);
    };
    const before = [await throttled(web), await throttled(neighbour)];
    const parameters = { share: '20%' };
    const id = await bed.inject({
      cell: 'virtual.cpu.delay',
      mechanism: 'cpu-quota',
      target: web.target,
      parameters,
    });
    await web.inside('i=0; while [ $i -lt 5000 ]; do i=$((i + 1)); done');
    await neighbour.inside('i=0; while [ $i -lt 5000 ]; do i=$((i + 1)); done');
    assert.ok((await throttled(web)) > (before[0] ?? 0));
    assert.equal(await throttled(neighbour), before[1]);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) > 0);
  });

  test('has burners among its own processes, its neighbour has none', async () => {
    const processes = async (container: GuestContainer): Promise<number> =>
      Number((await container.inside("ls /proc | grep -c '^[0-9]'")).said);
    const before = await processes(web);
    const id = await bed.inject({ cell: 'virtual.cpu.delay', mechanism: 'cpu-burn', target: web.target });
    assert.ok((await processes(web)) > before);
    assert.ok((await processes(neighbour)) <= before);
    await bed.stop(id);
    assert.ok((await processes(web)) <= before);
  });

  test('gets no memory beyond its limit, its neighbour does', async () => {
    const allocates = 'dd if=/dev/zero of=/dev/null bs=24M count=1 2> /dev/null';
    const parameters = { limit: '+4MiB' };
    const id = await bed.inject({
      cell: 'virtual.memory.unavailability',
      mechanism: 'memory-limit',
      target: web.target,
      parameters,
    });
    assert.notEqual((await web.inside(allocates)).code, 0);
    assert.equal((await neighbour.inside(allocates)).code, 0);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) > 0);
    assert.equal((await web.inside(allocates)).code, 0);
  });

  test('reaches nobody while its frames are dropped, its neighbour does', async () => {
    const id = await bed.inject({ cell: 'virtual.network.unavailability', target: web.target });
    assert.equal((await web.pings(gateway)).received, 0);
    assert.equal((await neighbour.pings(gateway)).received, 3);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) >= 3);
    assert.equal((await web.pings(gateway)).received, 3);
    await nothingIsLeft();
  });

  test("reaches nobody while the host's end of its veth is cut, which the agent tells by whom it leads to", async () => {
    const found = (await bed.host()).resources.find(
      ({ kind, facts }) => kind === 'nic' && facts['container'] === web.name,
    );
    assert.ok(found);
    const id = await bed.inject({ cell: 'physical.network.unavailability', target: `nic/${found.name}` });
    assert.equal((await web.pings(gateway)).received, 0);
    assert.equal((await neighbour.pings(gateway)).received, 3);
    await bed.stop(id);
    assert.equal((await web.pings(gateway)).received, 3);
    await nothingIsLeft();
  });

  test('is answered late while its frames are held, its neighbour is not', async () => {
    const parameters = { delay: `${heldMs}ms` };
    const id = await bed.inject({ cell: 'virtual.network.delay', target: web.target, parameters });
    assert.ok((await web.pings(gateway)).fastestMs >= heldMs);
    assert.ok((await neighbour.pings(gateway)).fastestMs < heldMs);
    await bed.stop(id);
    assert.ok((await web.pings(gateway)).fastestMs < heldMs);
    await nothingIsLeft();
  });

  test('is not understood while its frames are corrupted, its neighbour is', async () => {
    const id = await bed.inject({ cell: 'virtual.network.corruption', target: web.target });
    assert.equal((await web.pings(gateway)).received, 0);
    assert.equal((await neighbour.pings(gateway)).received, 3);
    await bed.stop(id);
    assert.equal((await web.pings(gateway)).received, 3);
    await nothingIsLeft();
  });

  for (const [what, cell, mechanism] of [
    ['cannot read its volume', 'virtual.storage.unavailability', 'kernel-disk-error'],
    ['reads something else from its volume', 'virtual.storage.corruption', 'kernel-disk-corrupt'],
  ] as const) {
    test(`${what} while the disk behind it is faulted, its neighbour reads what it keeps`, async () => {
      const sum = await kept(neighbour);
      assert.equal(await kept(web), sum);
      const parameters = { directory: '/data', direction: 'read' };
      const id = await bed.inject({ cell, mechanism, target: web.target, parameters });
      assert.notEqual(await kept(web), sum);
      assert.equal(await kept(neighbour), sum);
      assert.ok(((await bed.stop(id)).effects?.count ?? 0) > 0);
      assert.equal(await kept(web), sum);
      await nothingIsLeft();
    });
  }

  test('waits for its volume while the disk behind it is slow, its neighbour does not', async () => {
    const readMs = async (container: GuestContainer): Promise<number> => {
      const now = 'cut -d" " -f1 /proc/uptime';
      const read = 'dd if=/data/kept of=/dev/null bs=4k count=1 iflag=direct 2> /dev/null';
      const { said } = await container.inside(`a=$(${now}); ${read}; b=$(${now}); echo "$a $b"`);
      const [from = 0, to = 0] = said.split(' ').map(Number);
      return (to - from) * 1_000;
    };
    const parameters = { directory: '/data', delay: '3s' };
    const id = await bed.inject({ cell: 'virtual.storage.delay', target: web.target, parameters });
    assert.ok((await readMs(web)) >= 3_000);
    assert.ok((await readMs(neighbour)) < 3_000);
    await bed.stop(id);
    assert.ok((await readMs(web)) < 3_000);
    await nothingIsLeft();
  });
});

describe('a container of Docker that is started anew amid a fault', () => {
  /** Kills its init as somebody else may; resolves when Docker has started the next one. */
  async function restarts(): Promise<void> {
    const before = await web.pid();
    await bed.machine.demand(`kill -KILL ${before}`);
    await until(
      'Docker has started it anew',
      async () => ![0, before].includes(await web.pid()),
      lookEveryMs,
    );
  }
  /** Until it counts: what is asked of it then is answered. */
  async function runsAgain(): Promise<void> {
    await until('it runs again', async () => (await web.pid()) > 0 && (await web.ticks()), lookEveryMs);
    await bed.knows('container', web.name);
  }
  const cut = { cell: 'virtual.network.unavailability', mechanism: 'kernel-net-drop' } as const;

  test('ends the fault where it is to end with it, and the next one is left alone', async () => {
    const id = await bed.inject({ ...cut, target: web.target });
    await restarts();
    const { state, effects } = await bed.ended(id);
    assert.equal(state, 'ended');
    assert.match(effects?.remark ?? '', /it ended with the container docker\/web-1/);
    await runsAgain();
    assert.equal((await web.pings(gateway)).received, 3);
    await nothingIsLeft();
  });

  test('is followed where that is asked for: the next one is cut off as well, until the fault is stopped', async () => {
    const id = await bed.inject({ ...cut, target: web.target, more: ['--on-restart', 'follow'] });
    assert.equal((await web.pings(gateway)).received, 0);
    await restarts();
    await until(
      'the next one is cut off',
      async () => (await web.pings(gateway)).received === 0,
      lookEveryMs,
    );
    assert.equal((await neighbour.pings(gateway)).received, 3);
    const { state, effects } = await bed.stop(id);
    assert.equal(state, 'ended');
    assert.match(effects?.remark ?? '', /it met 2 instances of docker\/web-1/);
    assert.ok((effects?.count ?? 0) >= 6);
    await runsAgain();
    assert.equal((await web.pings(gateway)).received, 3);
    await nothingIsLeft();
  });

  for (const [why, fault] of [
    [
      'its registers were corrupted',
      {
        cell: 'virtual.cpu.corruption',
        mechanism: 'kernel-registers',
        parameters: { trigger: 'syscall', registers: ['ip'], times: 0 },
      },
    ],
    [
      'it was refused memory to fork with',
      { cell: 'virtual.memory.unavailability', mechanism: 'kernel-enomem' },
    ],
  ] as const) {
    test(`because ${why} has the fault end with it, and its neighbour goes on`, async () => {
      const [victim, beside] = [await web.pid(), await neighbour.pid()];
      const { state, effects } = await bed.ended(await bed.inject({ ...fault, target: web.target }));
      assert.equal(state, 'ended');
      assert.ok((effects?.count ?? 0) > 0);
      assert.match(effects?.remark ?? '', /it ended with the container docker\/web-1/);
      assert.notEqual(await web.pid(), victim);
      assert.equal(await neighbour.pid(), beside);
      assert.equal(await neighbour.ticks(), true);
      await runsAgain();
      await nothingIsLeft();
    });
  }

  test('is killed once, or again and again until the time is over', async () => {
    const kill = { cell: 'virtual.cpu.unavailability', mechanism: 'sigkill', target: web.target } as const;
    const once = await bed.ended(await bed.inject({ ...kill, duration: bed.lasting(5) }));
    assert.equal(once.effects?.count, 1);
    await runsAgain();
    const more = ['--on-restart', 'follow'];
    const again = await bed.ended(await bed.inject({ ...kill, duration: bed.lasting(8), more }));
    assert.equal(again.state, 'ended', again.errorMessage);
    assert.ok((again.effects?.count ?? 0) >= 2, again.effects?.remark);
    assert.match(again.effects?.remark ?? '', /it met \d+ instances of docker\/web-1/);
    assert.equal(await neighbour.ticks(), true);
    // Docker gives one up that was killed while it was being made. Nobody kills it any more.
    await bed.machine.demand('docker start web-1');
    await runsAgain();
  });
});

for (const [index, engine] of (['podman', 'containerd', 'runc'] as const).entries()) {
  describe(`a container of ${engine}`, () => {
    let container: GuestContainer;
    const network = `10.77.${index}`;

    before(async () => {
      container = await GuestContainer.start(bed.machine, engine, `app-${index}`);
      if (engine !== 'podman') await container.connect(network);
      await bed.knows('container', container.name);
    });

    test('stands still while it is frozen', async () => {
      const mechanism = 'cgroup-freeze';
      const id = await bed.inject({
        cell: 'virtual.cpu.unavailability',
        mechanism,
        target: container.target,
      });
      assert.deepEqual([await container.ticks(), await neighbour.ticks()], [false, true]);
      await bed.stop(id);
      assert.equal(await container.ticks(), true);
    });

    test('reaches nobody while its frames are dropped', async () => {
      const address = engine === 'podman' ? '10.88.0.1' : `${network}.1`;
      assert.equal((await container.pings(address)).received, 3);
      const id = await bed.inject({ cell: 'virtual.network.unavailability', target: container.target });
      assert.equal((await container.pings(address)).received, 0);
      assert.equal((await neighbour.pings(gateway)).received, 3);
      await bed.stop(id);
      assert.equal((await container.pings(address)).received, 3);
      await nothingIsLeft();
    });

    test('ends when its init is killed', async () => {
      const pid = await container.pid();
      const cell = 'virtual.cpu.unavailability';
      const id = await bed.inject({
        cell,
        mechanism: 'sigkill',
        target: container.target,
        duration: bed.lasting(3),
      });
      assert.equal((await bed.ended(id)).effects?.count, 1);
      assert.equal(
        (await bed.machine.run(`grep -q '^State:[[:space:]]*[^Z]' /proc/${pid}/status`)).code === 0,
        false,
      );
      assert.equal(await neighbour.ticks(), true);
    });
  });
}
