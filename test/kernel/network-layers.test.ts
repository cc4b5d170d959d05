import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flippedBits, GuestLink, ping } from './guest-link.ts';
import { withFault, type KernelFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** What is found in a frame is found in every kind of frame: of IPv6, and behind the tag of a VLAN, wherever that is. */
let bed: MachineBed;

before(async () => {
  bed = await MachineBed.start();
});

after(async () => await bed.end());

interface Kind {
  readonly link: Parameters<typeof GuestLink.make>[1];
  /** Where the fault is: the NIC, or what has the addresses. */
  readonly at: 'nic' | 'device';
  /** Not by the NIC, which would have it beside the frame. */
  readonly tagIsInTheFrame?: boolean;
  readonly own: string;
  readonly foreign: string;
}

const [ipv4, ipv6] = [
  { own: '10.77.0.0/16', foreign: '10.78.0.0/16 ::/0' },
  { own: 'fd77::/16', foreign: 'fd78::/16 0.0.0.0/0' },
];

const kinds: Readonly<Record<string, Kind>> = {
  IPv6: { link: { version: 6 }, at: 'nic', ...ipv6 },
  'a VLAN': { link: { vlan: 7 }, at: 'nic', ...ipv4 },
  'IPv6 in a VLAN whose tag is in the frame': {
    ...{ link: { version: 6, vlan: 9 }, at: 'nic', tagIsInTheFrame: true },
    ...ipv6,
  },
  'the interface of a VLAN': { link: { vlan: 10 }, at: 'device', ...ipv4 },
};

for (const [name, { link: options, at, tagIsInTheFrame = false, own, foreign }] of Object.entries(kinds)) {
  describe(name, () => {
    let link: GuestLink;

    before(async () => {
      link = await GuestLink.make(bed.machine, options);
      if (tagIsInTheFrame)
        await bed.machine.demand(['ethtool', '-K', link.nic, 'txvlan', 'off', 'rxvlan', 'off']);
    });

    after(async () => await link.remove());

    const withNetFault = async <Answer>(
      asked: Record<string, string | number>,
      work: (fault: KernelFault) => Promise<Answer>,
    ): Promise<Answer> => await withFault(bed.machine, 'net', { device: link[at], ...asked }, work);

    test('of several ports only those that are named are cut', async () => {
      await withNetFault({ effect: 'drop', protocol: 'udp', ports: '6001 6010-6019' }, async (fault) => {
        const came = [];
        for (const port of [6_000, 6_001, 6_010, 6_020]) came.push(await link.datagrams(port, 2));
        assert.deepEqual(came, [2, 0, 0, 2]);
        assert.equal((await link.ping({ count: 3 })).received, 3);
        const { seen, effects } = await fault.status();
        assert.deepEqual({ seen, effects }, { seen: 4, effects: 4 });
      });
    });

    for (const direction of ['out', 'in']) {
      test(`frames to what is named are meant on their way ${direction}, others are not`, async () => {
        const meant = direction === 'out' ? own : link.address;
        for (const [addresses, received] of [
          [meant, 0],
          [foreign, 3],
        ] as const) {
          await withNetFault({ effect: 'drop', direction, addresses }, async () => {
            assert.equal((await link.ping({ count: 3 })).received, received, addresses);
          });
        }
      });

      test(`each is held back as long as asked on its way ${direction}, and none is lost`, async () => {
        const asked = { effect: 'delay', delay_us: 60_000, direction, protocol: 'icmp' };
        await withNetFault(asked, async (fault) => {
          const { received, roundTripsMs } = await link.ping({ count: 10 });
          assert.equal(received, 10);
          assert.ok(Math.min(...roundTripsMs) >= 60, `the shortest took ${Math.min(...roundTripsMs)} ms`);
          assert.equal(await fault.count('delayed'), 10);
        });
      });

      test(`what is flipped silently on its way ${direction} is taken for right`, async () => {
        const asked = { effect: 'corrupt', part: 'payload', checksum: 'silent', protocol: 'icmp', direction };
        await withNetFault(asked, async (fault) => {
          assert.equal((await link.ping({ count: 5 })).received, 5);
          assert.equal(await fault.count('bits_flipped'), 5);
        });
      });
    }

    test('of a datagram, as many bits as asked are flipped where nothing tells', async () => {
      const asked = { effect: 'corrupt', part: 'payload', checksum: 'silent', bits: 5, protocol: 'udp' };
      const got = await withNetFault(asked, async () => await link.transfer('udp', 1_000));
      assert.deepEqual([got.length, flippedBits(got)], [1_000, 5]);
    });

    test('what is flipped on the wire is noticed and thrown away', async () => {
      await withNetFault({ effect: 'corrupt', part: 'payload', protocol: 'udp' }, async (fault) => {
        const earlier = await link.countedAtPeer('wrongSums');
        assert.equal(await link.datagrams(5_999, 10), 0);
        assert.equal((await link.countedAtPeer('wrongSums')) - earlier, 10);
        assert.equal(await fault.count('bits_flipped'), 10);
      });
    });

    test('a stream of large segments is silently wrong in as many bits as were flipped', async () => {
      const asked = { effect: 'corrupt', part: 'payload', checksum: 'silent', mode: 'one_in 10' };
      await withNetFault({ ...asked, protocol: 'tcp' }, async (fault) => {
        const got = await link.transfer('tcp', 500_000);
        assert.ok((await fault.count('bits_flipped')) > 0);
        assert.equal(flippedBits(got), await fault.count('bits_flipped'));
      });
    });

    test('a stream of large segments survives what is flipped on the wire, by being sent again', async () => {
      const asked = { effect: 'corrupt', protocol: 'tcp', part: 'payload', mode: 'one_in 10' };
      await withNetFault(asked, async (fault) => {
        assert.equal(flippedBits(await link.transfer('tcp', 500_000)), 0);
        assert.ok((await fault.status()).effects > 0);
      });
    });
  });
}

test('a fault of the interface of a VLAN leaves what else is on its NIC alone', async () => {
  const link = await GuestLink.make(bed.machine, { vlan: 7 });
  await bed.machine.demand(`
    ip address add 10.88.0.1/24 dev ${link.nic}; ip -n ${link.peer} address add 10.88.0.2/24 dev ${link.peer}`);
  await withFault(
    bed.machine,
    'net',
    { device: link.device, effect: 'drop', direction: 'both' },
    async () => {
      assert.equal((await link.ping({ count: 3 })).received, 0);
      assert.equal((await ping(bed.machine, '10.88.0.2', { count: 3 })).received, 3);
    },
  );
  assert.equal((await link.ping({ count: 3 })).received, 3);
  await link.remove();
});
