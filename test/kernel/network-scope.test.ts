import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestLink, ping } from './guest-link.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** What a hypervisor does that takes up its guest's interface: TUNSETIFF, as a tap that is there already. */
const attachToTap =
  'open(T, "+<", "/dev/net/tun") or die; ioctl(T, 0x400454ca, pack("a16 S x22", $ARGV[0], 0x1002)) or exit 1';

/** A fault of the network touches what was named, and nothing beside it. */
let bed: MachineBed;
let link: GuestLink;
let neighbour: GuestLink;

before(async () => {
  bed = await MachineBed.start();
  link = await GuestLink.make(bed.machine);
  neighbour = await GuestLink.make(bed.machine);
});

after(async () => {
  await link.remove();
  await neighbour.remove();
  await bed.end();
});

test('the interfaces beside one that is cut lose nothing', async () => {
  await withFault(
    bed.machine,
    'net',
    { device: link.device, effect: 'drop', direction: 'both' },
    async () => {
      assert.equal((await link.ping({ count: 3 })).received, 0);
      assert.equal((await neighbour.ping({ count: 10 })).received, 10);
      assert.equal((await ping(bed.machine, '10.0.2.2', { count: 3 })).received, 3);
    },
  );
});

test('of several ports only those that are named are cut', async () => {
  const asked = { device: link.device, effect: 'drop', protocol: 'udp', ports: '6001 6010-6019' };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    const came = [];
    for (const port of [6_000, 6_001, 6_002, 6_009, 6_010, 6_019, 6_020]) {
      came.push(await link.datagrams(port, 2));
    }
    assert.deepEqual(came, [2, 0, 2, 2, 0, 0, 2]);
    assert.equal((await link.ping({ count: 3 })).received, 3);
    const { seen, effects } = await fault.status();
    assert.deepEqual({ seen, effects }, { seen: 6, effects: 6 });
  });
});

test('of several protocols only the one that is named is cut', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'drop', protocol: 'icmp' }, async () => {
    assert.equal((await link.ping({ count: 3 })).received, 0);
    assert.equal(await link.datagrams(6_000, 3), 3);
  });
});

for (const [addresses, received] of [
  ['10.77.0.0/16', 0],
  ['10.78.0.0/16 fd00::/8', 3],
  ['0.0.0.0/0', 0],
] as const) {
  test(`frames to ${addresses} are meant, others are not`, async () => {
    for (const direction of ['out', 'in']) {
      const asked = { device: link.device, effect: 'drop', direction, addresses };
      await withFault(bed.machine, 'net', asked, async () => {
        assert.equal((await link.ping({ count: 3 })).received, received, direction);
      });
    }
  });
}

test('the one end of a pair that is in another namespace is found by the inode of that', async () => {
  const inode = (await link.atPeer('readlink /proc/self/ns/net')).replace(/\D/g, '');
  const asked = { netns: inode, device: link.peer, effect: 'drop' };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    assert.equal((await link.ping({ count: 3 })).received, 0);
    // The requests came: it is the answers that were dropped.
    assert.equal((await fault.status()).seen, 3);
    assert.equal((await neighbour.ping({ count: 3 })).received, 3);
  });
});

test('an interface can be named by its number', async () => {
  const ifindex = (await bed.machine.demand(`cat /sys/class/net/${link.device}/ifindex`)).trim();
  await withFault(bed.machine, 'net', { ifindex, effect: 'drop' }, async (fault) => {
    assert.equal((await link.ping({ count: 3 })).received, 0);
    assert.equal((await fault.status()).lines.device, link.device);
  });
});

test('the way in is touched without the way out', async () => {
  const asked = { device: link.device, effect: 'drop', direction: 'in' };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    assert.equal(await link.datagrams(6_000, 5), 5);
    // The requests go; it is the answers that do not come.
    assert.equal((await link.ping({ count: 3 })).received, 0);
    assert.equal((await fault.status()).lines.hook, 'ingress');
  });
});

test('a tap can be attached to anew while it is cut, or the limit is told', async () => {
  await bed.machine.demand('ip tuntap add tap0 mode tap && ip link set tap0 up');
  try {
    await withFault(bed.machine, 'net', { device: 'tap0', effect: 'drop' }, async (fault) => {
      const { hook, limit } = (await fault.status()).lines;
      const { code } = await bed.machine.run(['perl', '-e', attachToTap, 'tap0']);
      assert.deepEqual(
        { hook, limit, isAttached: code === 0 },
        hook === 'egress'
          ? { hook, limit: 'none', isAttached: true }
          : {
              hook: 'xmit',
              limit: 'while it is armed the tap cannot be attached to anew',
              isAttached: false,
            },
      );
    });
  } finally {
    await bed.machine.demand('ip link del tap0');
  }
});

test('a bridge is cut with all that is on it, and is as before afterwards', async () => {
  await bed.machine.demand(`set -e
    ip link add br0 type bridge
    ip address flush dev ${neighbour.device}
    ip link set ${neighbour.device} master br0
    ip address add ${neighbour.address.replace(/2$/, '1')}/24 dev br0
    ip link set br0 up
    ip neighbour replace ${neighbour.address} lladdr 02:00:00:00:00:02 dev br0 nud permanent
    ip -n ${neighbour.peer} neighbour flush dev ${neighbour.peer}
    ip -n ${neighbour.peer} neighbour del ${neighbour.address.replace(/2$/, '1')} dev ${neighbour.peer} 2> /dev/null || true
    until ping -c 1 -W 1 ${neighbour.address} > /dev/null; do :; done`);
  try {
    await withFault(
      bed.machine,
      'net',
      { device: 'br0', effect: 'delay', delay_us: 40_000 },
      async (fault) => {
        const { received, roundTripsMs } = await neighbour.ping({ count: 10 });
        assert.equal(received, 10);
        assert.ok(Math.min(...roundTripsMs) >= 40);
        assert.equal(await fault.count('held'), 0);
      },
    );
    await withFault(bed.machine, 'net', { device: 'br0', effect: 'drop', protocol: 'icmp' }, async () => {
      assert.equal((await neighbour.ping({ count: 3 })).received, 0);
    });
    assert.equal((await neighbour.ping({ count: 3 })).received, 3);
  } finally {
    await bed.machine.demand('ip link del br0');
  }
});
