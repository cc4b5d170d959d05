import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { counted, GuestInjectors, type Told } from './guest-injectors.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

const container = 'docker-web.scope';
const scope = `/sys/fs/cgroup/system.slice/${container}`;

/** When it is told to work, it does for 30 of 80 ms at the least, so that a tenth of a processor is a cut. */
const worksAndRests = `perl -e 'while (1) {
  $until = (times)[0] + (times)[1] + .03; 1 while -e "/run/work" && (times)[0] + (times)[1] < $until;
  select undef, undef, undef, .05 }'`;

/** Two linear devices of device mapper, two ends of a cable, and a container of cgroup v2. */
const furniture = `
dmsetup create under --table '0 400000 linear /dev/sda 2048'
dmsetup create beside --table '0 400000 linear /dev/sdb 2048'
for name in under beside; do
  seq 1 200000 | head -c 1048576 | dd of=/dev/mapper/$name bs=64k oflag=direct iflag=fullblock 2> /dev/null
done
ip netns add peer
ip link add fault0 type veth peer name fault1 netns peer
ip address add 10.99.0.1/24 dev fault0
ip link set fault0 up
ip -n peer address add 10.99.0.2/24 dev fault1
ip -n peer link set fault1 up
setsid systemd-run --quiet --scope --slice=system.slice --unit=docker-web ${worksAndRests} > /dev/null 2>&1 < /dev/null &
until grep -q . ${scope}/cgroup.procs 2> /dev/null; do sleep 0.1; done
systemctl set-property --runtime ${container} CPUWeight=100 MemoryMin=1M`;

let injectors: GuestInjectors;

before(async () => {
  injectors = await GuestInjectors.start(furniture, ['dmsetup', 'iproute2', 'nftables']);
});

after(async () => {
  await injectors.end();
});

describe('device mapper', () => {
  const disk = { kind: 'disk', name: 'dm-0' } as const;
  const read = (name: string, sector = 0): string =>
    `dd if=/dev/mapper/${name} of=/dev/null bs=512 count=1 skip=${sector} iflag=direct 2> /dev/null && echo read || echo failed`;
  const readMs = (name: string): string =>
    `a=$(date +%s%N); dd if=/dev/mapper/${name} of=/dev/null bs=4k count=1 iflag=direct; b=$(date +%s%N); echo $(((b - a) / 1000000))`;
  const sum = (name: string): string => `dd if=/dev/mapper/${name} bs=64k count=16 iflag=direct | md5sum`;

  /** Or says that this kernel does not count it. */
  function expectCounted(seen: Told, isMiscounted: boolean, why: RegExp): void {
    if (!isMiscounted) assert.ok(counted(seen) > 0);
    else assert.equal(seen.reverted?.count, 'unknown');
    if (isMiscounted) assert.match(seen.reverted?.remark ?? '', why);
  }
  const missesFailures = kernelUnderTest() !== '5.10';
  const failures = /does not count the transfers that device mapper fails/;

  test('dm-error fails what is read of a device, and nothing of its neighbour', async () => {
    const seen = await injectors.whole({
      mechanism: 'dm-error',
      ...disk,
      look: `${read('under')}; ${read('beside')}`,
    });
    assert.deepEqual([seen.before, seen.during, seen.after], ['read\nread', 'failed\nread', 'read\nread']);
    expectCounted(seen, missesFailures, failures);
    assert.equal(seen.handles, 1);
  });

  test('dm-error of some sectors leaves all others', async () => {
    const seen = await injectors.whole({
      mechanism: 'dm-error',
      ...disk,
      parameters: { sectors: '8-15' },
      look: [7, 8, 15, 16].map((sector) => read('under', sector)).join('; '),
    });
    assert.equal(seen.during, 'read\nfailed\nfailed\nread');
    expectCounted(seen, missesFailures, failures);
  });

  test('dm-delay holds a read back, and not that of the neighbour', async () => {
    const seen = await injectors.whole({
      mechanism: 'dm-delay',
      ...disk,
      parameters: { delay: '3s' },
      look: `${readMs('under')}; ${readMs('beside')}`,
    });
    const [under = 0, beside = 0] = seen.during.split('\n').map(Number);
    assert.ok(under >= 3000 && beside < 3000, seen.during);
    assert.ok(counted(seen) > 0);
  });

  test('dm-flakey corrupts what is written, and nothing that is written afterwards', async () => {
    const write = (name: string): string =>
      `seq 1 9999 | head -c 8192 | dd of=/dev/mapper/${name} bs=8k iflag=fullblock oflag=direct 2> /dev/null`;
    const seen = await injectors.whole({
      mechanism: 'dm-flakey',
      ...disk,
      parameters: { direction: 'write' },
      look: `${write('under')}; ${sum('under')}; ${write('beside')}; ${sum('beside')}`,
    });
    const [under, beside] = seen.before.split('\n');
    const [corrupted, right] = seen.during.split('\n');
    assert.notEqual(corrupted, under);
    assert.equal(right, beside);
    assert.equal(seen.after, seen.before);
    assert.ok(counted(seen) > 0);
  });

  test('dm-flakey of reads corrupts them, or says that this kernel may not', async () => {
    const seen = await injectors.whole({ mechanism: 'dm-flakey', ...disk, look: sum('under') });
    const mayNot = kernelUnderTest() !== 'newest';
    expectCounted(seen, mayNot, /lets what is read pass as it is/);
    assert.ok(mayNot || seen.during !== seen.before);
    assert.equal(seen.after, seen.before);
  });

  test('another process that has only the journal takes it away, also from a device that was left suspended', async () => {
    const seen = await injectors.whole({
      mechanism: 'dm-error',
      ...disk,
      look: `${read('under')}; dmsetup table under; dmsetup info -c --noheadings -o attr under; dmsetup message under 0 @stats_list`,
      midway: 'dmsetup suspend --nolockfs --noflush under',
    });
    assert.match(seen.during, /^failed\n/);
    assert.equal(seen.after, seen.before);
    expectCounted(seen, missesFailures, failures);
  });

  test('a directory whose disk is protected, or no device of device mapper, is refused', async () => {
    const { error } = await injectors.tell({
      mechanism: 'dm-error',
      kind: 'container',
      name: container,
      parameters: { directory: '/mnt' },
      look: 'true',
    });
    assert.match(error ?? '', /not exactly one device of device mapper is behind \/mnt: vda/);
  });

  test('a device that is gone is over, and what was done to it is unknown', async () => {
    const seen = await injectors.whole({
      mechanism: 'dm-error',
      kind: 'disk',
      name: 'dm-1',
      look: 'true',
      midway: 'dmsetup remove beside',
    });
    assert.ok(seen.reverted);
    assert.equal(seen.reverted.count, 'unknown');
    assert.match(seen.reverted.remark ?? '', /the device is gone/);
  });
});

describe('nftables and netem', () => {
  const nic = { kind: 'nic', name: 'fault0' } as const;
  const look = 'ping -n -q -c 5 -i 0.3 -W 2 10.99.0.2 | tail -2';

  test('nft-drop takes what a NIC receives, and lets it come again', async () => {
    const seen = await injectors.whole({
      mechanism: 'nft-drop',
      ...nic,
      parameters: { direction: 'in' },
      look,
    });
    assert.match(seen.during, / 100% packet loss/);
    assert.match(seen.after, / 0% packet loss/);
    assert.ok(counted(seen) >= 5);
  });

  if (kernelUnderTest() === '5.10') {
    for (const mechanism of ['netem-delay', 'netem-corrupt']) {
      test(`${mechanism} is refused without a hook for what goes out, and says which kernel has one`, async () => {
        const { error } = await injectors.tell({ mechanism, ...nic, look });
        assert.match(error ?? '', /Use a kernel of 5\.16 or later/);
      });
    }
    return;
  }

  test('netem-delay holds back what a NIC sends', async () => {
    const seen = await injectors.whole({
      mechanism: 'netem-delay',
      ...nic,
      parameters: { delay: '3s' },
      look: look.replace('-W 2', '-W 20'),
    });
    const [, least = '0'] = /min\/avg.* = ([\d.]+)/.exec(seen.during) ?? [];
    assert.ok(Number(least) >= 3000, seen.during);
    assert.match(seen.after, / 0% packet loss/);
    assert.ok(counted(seen) >= 5);
  });

  test('netem-corrupt flips a bit, so that packets are lost to their checksums', async () => {
    const seen = await injectors.whole({ mechanism: 'netem-corrupt', ...nic, look });
    assert.doesNotMatch(seen.during, / 0% packet loss/);
    assert.match(seen.after, / 0% packet loss/);
    assert.ok(counted(seen) >= 5);
  });

  test('netem-corrupt sends packets twice', async () => {
    const seen = await injectors.whole({
      mechanism: 'netem-corrupt',
      ...nic,
      parameters: { how: 'duplicate' },
      look,
    });
    assert.match(seen.during, /\+\d duplicates/);
    assert.doesNotMatch(seen.after, /duplicates/);
  });
});

describe('a container of cgroup v2', () => {
  const web = { kind: 'container', name: container } as const;

  test('cgroup-freeze stops it, and lets it go on', async () => {
    const seen = await injectors.whole({
      mechanism: 'cgroup-freeze',
      ...web,
      look: `grep frozen ${scope}/cgroup.events`,
    });
    assert.deepEqual([seen.before, seen.during, seen.after], ['frozen 0', 'frozen 1', 'frozen 0']);
    assert.ok(counted(seen) > 0);
  });

  test('cpu-quota sets its cpu.max, so that it has to wait, and sets it back', async () => {
    const seen = await injectors.whole({
      mechanism: 'cpu-quota',
      ...web,
      parameters: { share: '10%' },
      // Several of its periods, at the end of which the kernel counts.
      look: `touch /run/work; sleep 1; cat ${scope}/cpu.max`,
    });
    assert.deepEqual([seen.before, seen.during, seen.after], ['max 100000', '10000 100000', 'max 100000']);
    assert.ok(counted(seen) > 0);
  });

  test('memory-limit sets its memory.max, and sets it back', async () => {
    const seen = await injectors.whole({
      mechanism: 'memory-limit',
      ...web,
      parameters: { limit: '+64MiB' },
      look: `cat ${scope}/memory.max ${scope}/memory.swap.max`,
    });
    assert.match(seen.during, /^\d+\n0$/);
    assert.equal(seen.after, seen.before);
  });
});
