import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestLink } from './guest-link.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** When a fault of the network begins and ends, whoever is there to see it. */
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

const bootSecond = 1_000_000_000n;

async function withMade(
  attributes: Record<string, string | number>,
  work: (fault: KernelFault) => Promise<void>,
) {
  const fault = await KernelFault.make(bed.machine, 'net', { device: link.device, ...attributes });
  try {
    await work(fault);
  } finally {
    await fault.remove();
  }
}

test('it ends at its deadline with nobody there who would end it', async () => {
  const drop = { device: link.device, effect: 'drop' };
  await withFault(
    bed.machine,
    'net',
    drop,
    async (fault) => {
      // Every program that armed it has ended by now.
      const ended = await fault.ended();
      assert.equal(ended.reason, 'deadline');
      assert.equal(ended.lines.unhooked, 'yes');
      assert.ok((ended.closedNs ?? 0n) >= BigInt(ended.lines.deadline_ns ?? '0'));
      assert.equal((await link.ping({ count: 5 })).received, 5);
    },
    { forMs: 1_500 },
  );
});

test('it begins at the instant that was given ahead, not before', async () => {
  const drop = { device: link.device, effect: 'drop' };
  await withFault(
    bed.machine,
    'net',
    drop,
    async (fault) => {
      assert.equal((await fault.status()).phase, 'armed');
      assert.equal((await link.ping({ count: 3 })).received, 3);
      await bed.machine.demand(`until grep -q '^phase: open' ${fault.directory}/status; do sleep 0.05; done`);
      assert.equal((await link.ping({ count: 3 })).received, 0);
      const { opened_ns: opened = '0', start_ns: start = '1' } = (await fault.status()).lines;
      assert.ok(BigInt(opened) >= BigInt(start), `opened at ${opened}, was to start at ${start}`);
      assert.ok(BigInt(opened) - BigInt(start) < bootSecond);
    },
    { startInMs: 6_000 },
  );
});

test('it never begins where its lease has lapsed by the start', async () => {
  const drop = { device: link.device, effect: 'drop' };
  await withFault(
    bed.machine,
    'net',
    drop,
    async (fault) => {
      const ended = await fault.ended();
      assert.equal(ended.reason, 'the lease had lapsed at the start');
      assert.equal(ended.openedNs, undefined);
      assert.equal((await link.ping({ count: 3 })).received, 3);
    },
    { startInMs: 3_000, leaseForMs: 1_500 },
  );
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
  await withMade({ effect: 'delay', delay_us: 10_000_000 }, async (fault) => {
    await fault.arm();
    await link.datagrams(5_999, 10);
    assert.equal(await fault.count('held'), 10);
    await fault.disarm();
    const { phase, lines } = await fault.status();
    assert.deepEqual([phase, lines.held, lines.purged, lines.unhooked], ['ended', '0', '0', 'yes']);
  });
});

test('frames that come when a lane is full go past it, and are counted', async () => {
  await withMade({ effect: 'delay', delay_us: 10_000_000, held_limit: 4 }, async (fault) => {
    await fault.arm();
    assert.equal(await link.datagrams(5_999, 10), 6);
    assert.deepEqual([await fault.count('held'), await fault.count('overflowed')], [4, 6]);
  });
});

test('the module cannot be unloaded while a fault is there', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'drop' }, async () => {
    const { code, stderr } = await bed.machine.run('rmmod ordeal_net');
    assert.notEqual(code, 0);
    assert.match(stderr, /in use/);
    assert.equal((await link.ping({ count: 3 })).received, 0);
  });
});

test('a disarm works twice, and on what was never armed', async () => {
  await withMade({ effect: 'drop' }, async (fault) => {
    await fault.disarm();
    assert.equal((await fault.status()).phase, 'idle');
    await fault.arm();
    await fault.disarm();
    await fault.disarm();
    assert.deepEqual([(await fault.status()).phase, (await fault.status()).reason], ['ended', 'disarmed']);
    assert.equal((await link.ping({ count: 3 })).received, 3);
  });
});

test('a fault can be armed anew, and counts from nothing', async () => {
  await withMade({ effect: 'drop' }, async (fault) => {
    for (let round = 0; round < 2; round++) {
      await fault.arm();
      assert.equal((await link.ping({ count: 3 })).received, 0);
      await fault.disarm();
      assert.equal((await fault.status()).effects, 3);
    }
  });
});

test('nothing can be changed of a fault that is armed', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'drop' }, async (fault) => {
    assert.equal(
      await fault.refusalOf({ delay_us: 5 }),
      'delay_us: cannot be changed while the fault is armed; write 0 to arm first',
    );
  });
});
