import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flippedBits, GuestLink, ping } from './guest-link.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** What is asked of a fault of the network is what its victim gets: on a veth, and on the driver of a real NIC. */
let bed: MachineBed;
let link: GuestLink;

before(async () => {
  bed = await MachineBed.start();
  link = await GuestLink.make(bed.machine);
});

after(async () => {
  await link.remove();
  await bed.end();
});

test('a cut interface lets nothing out, and everything again afterwards', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'drop' }, async (fault) => {
    assert.equal((await link.ping({ count: 10 })).received, 0);
    const { seen, effects } = await fault.status();
    assert.deepEqual({ seen, effects }, { seen: 10, effects: 10 });
  });
  assert.equal((await link.ping({ count: 10 })).received, 10);
});

test('a cut interface lets nothing in', async () => {
  const asked = { device: link.device, effect: 'drop', direction: 'in' };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    assert.equal((await link.ping({ count: 10 })).received, 0);
    assert.equal((await fault.status()).effects, 10);
  });
});

test('the driver of a NIC is cut off', async () => {
  // The host's end of QEMU's network answers.
  assert.equal((await ping(bed.machine, '10.0.2.2', { count: 3 })).received, 3);
  await withFault(
    bed.machine,
    'net',
    { device: 'mgmt0', effect: 'drop', direction: 'both' },
    async (fault) => {
      assert.equal((await ping(bed.machine, '10.0.2.2', { count: 5 })).received, 0);
      assert.equal((await fault.status()).lines.hook, 'xmit+ingress');
    },
  );
  assert.equal((await ping(bed.machine, '10.0.2.2', { count: 3 })).received, 3);
});

test('of a share of 30 % as many are lost as were touched, and the same seed touches the same', async () => {
  const asked = { device: link.device, effect: 'drop', mode: 'share 300000000', seed: 42 };
  const lost = async (): Promise<readonly number[]> =>
    await withFault(bed.machine, 'net', asked, async (fault) => {
      const { received, order } = await link.ping({ count: 500, intervalMs: 2 });
      assert.equal((await fault.status()).effects, 500 - received);
      // Six standard deviations of a binomial of 500 at 0.3 to either side.
      assert.ok(Math.abs(500 - received - 150) <= 62, `${500 - received} of 500 were lost`);
      return order;
    });
  assert.deepEqual(await lost(), await lost());
});

test('one in four is the first of every four', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'drop', mode: 'one_in 4' }, async () => {
    assert.deepEqual((await link.ping({ count: 12 })).order, [2, 3, 4, 6, 7, 8, 10, 11, 12]);
  });
});

test('bursts cut all for a time and nothing for a time', async () => {
  const asked = { device: link.device, effect: 'drop', mode: 'burst 400000 400000' };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    const { order } = await link.ping({ count: 120, intervalMs: 20 });
    const missing = Array.from({ length: 120 }, (_, index) => index + 1).filter((n) => !order.includes(n));
    const edges = missing.filter((n) => !missing.includes(n - 1)).length;
    assert.ok(edges >= 2 && edges <= 8, `the losses are in ${edges} runs: ${missing.join(' ')}`);
    assert.equal((await fault.status()).effects, missing.length);
  });
});

for (const direction of ['out', 'in']) {
  test(`each frame is held back as long as asked on its way ${direction}, and none is lost`, async () => {
    const asked = { device: link.device, effect: 'delay', delay_us: 60_000, direction };
    await withFault(bed.machine, 'net', asked, async (fault) => {
      const { received, roundTripsMs, order } = await link.ping({ count: 20 });
      assert.equal(received, 20);
      assert.ok(Math.min(...roundTripsMs) >= 60, `the shortest took ${Math.min(...roundTripsMs)} ms`);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
      assert.equal(await fault.count('delayed'), 20);
      assert.ok((await fault.count('delay_sum_ns')) >= 20 * 60_000_000);
    });
  });
}

test('a jitter varies the delay to both sides within its bounds', async () => {
  const asked = { device: link.device, effect: 'delay', delay_us: 100_000, jitter_us: 50_000, seed: 1 };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    const { received, roundTripsMs } = await link.ping({ count: 40 });
    assert.equal(received, 40);
    assert.ok(Math.min(...roundTripsMs) >= 50, `the shortest took ${Math.min(...roundTripsMs)} ms`);
    const asked = (await fault.count('delay_sum_ns')) - (await fault.count('delay_late_sum_ns'));
    // Six standard deviations of the mean of 40 that are even over 100 ms.
    assert.ok(Math.abs(asked / 40 - 100e6) <= 28e6, `the mean that was drawn is ${asked / 40e6} ms`);
    assert.ok(Math.max(...roundTripsMs) > 100, `the longest took ${Math.max(...roundTripsMs)} ms`);
  });
});

describe('corruption', () => {
  test('as many bits as asked are flipped where nothing tells', async () => {
    const asked = {
      device: link.device,
      ...{ effect: 'corrupt', part: 'payload', checksum: 'silent', bits: 5, protocol: 'udp', seed: 3 },
    };
    const got = await withFault(bed.machine, 'net', asked, async () => await link.transfer('udp', 1_000));
    assert.equal(got.length, 1_000);
    assert.equal(flippedBits(got), 5);
  });

  test('what is flipped on the wire is noticed and thrown away', async () => {
    const asked = { device: link.device, effect: 'corrupt', part: 'payload', bits: 1, protocol: 'udp' };
    await withFault(bed.machine, 'net', asked, async (fault) => {
      const earlier = await link.countedAtPeer('wrongSums');
      assert.equal(await link.datagrams(5_999, 10), 0);
      assert.equal((await link.countedAtPeer('wrongSums')) - earlier, 10);
      assert.equal(await fault.count('bits_flipped'), 10);
    });
  });

  test('a flipped header is noticed by IP', async () => {
    const asked = { device: link.device, effect: 'corrupt', part: 'header', bits: 1, protocol: 'icmp' };
    await withFault(bed.machine, 'net', asked, async (fault) => {
      assert.equal((await link.ping({ count: 10 })).received, 0);
      assert.equal((await fault.status()).effects, 10);
    });
  });

  for (const direction of ['out', 'in']) {
    test(`a stream of large segments survives corruption on its way ${direction}, by being sent again`, async () => {
      const asked = { device: link.device, effect: 'corrupt', part: 'payload', protocol: 'tcp', direction };
      const mode = { mode: direction === 'out' ? 'one_in 10' : 'permanent' };
      await withFault(bed.machine, 'net', { ...asked, ...mode }, async (fault) => {
        assert.equal(flippedBits(await link.transfer('tcp', 500_000)), 0);
        // On the way in there are only acknowledgements, which have no payload.
        assert.ok(direction === 'in' || (await fault.status()).effects > 0);
        assert.ok(direction === 'out' || (await fault.count('untouched')) > 0);
      });
    });
  }

  test('a stream of large segments is silently wrong in as many bits as were flipped', async () => {
    const asked = {
      device: link.device,
      ...{ effect: 'corrupt', part: 'payload', checksum: 'silent', mode: 'one_in 10', protocol: 'tcp' },
    };
    await withFault(bed.machine, 'net', asked, async (fault) => {
      const got = await link.transfer('tcp', 500_000);
      assert.ok((await fault.count('bits_flipped')) > 0);
      assert.equal(flippedBits(got), await fault.count('bits_flipped'));
    });
  });
});

test('each frame is there as often again as asked', async () => {
  const asked = { device: link.device, effect: 'duplicate', copies: 2, protocol: 'udp' };
  await withFault(bed.machine, 'net', asked, async () => {
    assert.equal(await link.datagrams(5_999, 10), 30);
  });
});

test('a frame that is reordered is overtaken by as many as asked', async () => {
  const asked = { device: link.device, effect: 'reorder', gap: 2, mode: 'one_in 5', hold_us: 10_000_000 };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    const { order } = await link.ping({ count: 15, intervalMs: 50 });
    assert.deepEqual(order, [2, 3, 1, 4, 5, 7, 8, 6, 9, 10, 12, 13, 11, 14, 15]);
    assert.equal((await fault.status()).effects, 3);
  });
});

test('several faults on one interface all take their share', async () => {
  const delay = { device: link.device, effect: 'delay', delay_us: 30_000 };
  const drop = { device: link.device, effect: 'drop', mode: 'one_in 2' };
  await withFault(bed.machine, 'net', delay, async () => {
    await withFault(bed.machine, 'net', drop, async () => {
      const { received, roundTripsMs } = await link.ping({ count: 10 });
      assert.equal(received, 5);
      assert.ok(Math.min(...roundTripsMs) >= 30);
    });
    assert.equal((await link.ping({ count: 4 })).received, 4);
  });
});
