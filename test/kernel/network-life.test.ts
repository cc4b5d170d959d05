import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestLink } from './guest-link.ts';
import { withFault } from './kernel-fault.ts';
import { testLifeOfFault } from './life-of-a-fault.ts';
import { MachineBed } from './machine-bed.ts';

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

testLifeOfFault({
  name: 'net',
  bed: () => bed,
  fault: () => ({ device: link.device, effect: 'drop' }),
  isFelt: async () => (await link.ping({ count: 3 })).received === 0,
  effectsOfOneUse: 3,
});

test('what a delay holds at the deadline goes at once, all of it and in order', async () => {
  const delay = { device: link.device, effect: 'delay', delay_us: 10_000_000 };
  await withFault(
    bed.machine,
    'net',
    delay,
    async (fault) => {
      const { received, order } = await link.ping({ count: 50, intervalMs: 5 });
      assert.equal(received, 50);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
      const { lines, closedNs = 0n } = await fault.ended();
      assert.equal(lines.held, '0');
      assert.equal(lines.purged, '0');
      assert.ok(Number(lines.held_most) > 1);
      assert.ok(BigInt(lines.drained_ns ?? '0') >= closedNs, 'when it was drained is told');
    },
    { forMs: 2_000 },
  );
});

test('what a delay holds when it is disarmed is gone from it when the write returns', async () => {
  const asked = { device: link.device, effect: 'delay', delay_us: 10_000_000 };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    await link.datagrams(5_999, 10);
    assert.equal(await fault.count('held'), 10);
    await fault.disarm();
    const { phase, lines } = await fault.status();
    assert.deepEqual([phase, lines.held, lines.purged, lines.unhooked], ['ended', '0', '0', 'yes']);
  });
});

test('frames that come when a lane is full go past it, and are counted', async () => {
  const asked = { device: link.device, effect: 'delay', delay_us: 10_000_000, held_limit: 4 };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    assert.equal(await link.datagrams(5_999, 10), 6);
    assert.deepEqual([await fault.count('held'), await fault.count('overflowed')], [4, 6]);
  });
});
