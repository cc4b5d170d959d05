import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelFault, withFault } from './kernel-fault.ts';
import type { MachineBed } from './machine-bed.ts';

interface Kind {
  readonly name: 'net' | 'storage';
  readonly bed: () => MachineBed;
  /** A fault that whoever uses its target feels at once, and nothing else. */
  readonly fault: () => Readonly<Record<string, string>>;
  /** Uses the target, which an open fault touches so many times. */
  readonly isFelt: () => Promise<boolean>;
  readonly effectsOfOneUse: number;
}

/** When a fault begins and ends, whoever is there to see it: the same for every kind. */
export function testLifeOfFault({ name, bed, fault: attributes, isFelt, effectsOfOneUse }: Kind): void {
  async function withMade(work: (fault: KernelFault) => Promise<void>): Promise<void> {
    const fault = await KernelFault.make(bed().machine, name, attributes());
    try {
      await work(fault);
    } finally {
      await fault.remove();
    }
  }

  test('it ends at its deadline with nobody there who would end it', async () => {
    await withMade(async (fault) => {
      await fault.arm({ forMs: bed().machine.patienceMs(4_000) });
      assert.equal(await isFelt(), true);
      // Every program that armed it has ended by now.
      const { reason, closedNs = 0n, lines, lastEffectNs = 0n } = await fault.ended();
      assert.equal(reason, 'deadline');
      assert.ok(closedNs >= BigInt(lines.deadline_ns ?? 0));
      assert.ok(lastEffectNs <= closedNs);
      assert.equal(lines.unhooked, 'yes');
      assert.equal(await isFelt(), false);
    });
  });

  test('told ahead, it begins at its start and not before', async () => {
    await withMade(async (fault) => {
      const startInMs = bed().machine.patienceMs(3_000);
      await fault.arm({ startInMs, forMs: 20 * startInMs });
      assert.equal(await isFelt(), false);
      assert.equal((await fault.status()).phase, 'armed');
      await fault.reached('open');
      assert.equal(await isFelt(), true);
      const { openedNs = 0n, firstEffectNs = 0n, lines } = await fault.status();
      assert.ok(openedNs >= BigInt(lines.start_ns ?? 0));
      assert.ok(firstEffectNs >= openedNs);
    });
  });

  test('with a lease that has lapsed by the start, it never begins', async () => {
    await withMade(async (fault) => {
      const leaseForMs = bed().machine.patienceMs(1_000);
      await fault.arm({ startInMs: 2 * leaseForMs, leaseForMs });
      const { reason, openedNs, effects } = await fault.ended();
      assert.deepEqual(
        { reason, openedNs, effects },
        { reason: 'the lease had lapsed at the start', openedNs: undefined, effects: 0 },
      );
      assert.equal(await isFelt(), false);
    });
  });

  test('neither module can be unloaded while it is armed', async () => {
    await withFault(bed().machine, name, attributes(), async (fault) => {
      for (const module of [`ordeal_${name}`, 'ordeal']) {
        const { code, stderr } = await bed().machine.run(['rmmod', module]);
        assert.notEqual(code, 0);
        assert.match(stderr, /in use/, module);
      }
      assert.equal((await fault.status()).phase, 'open');
      assert.equal(await isFelt(), true);
    });
  });

  test('it can be disarmed twice', async () => {
    await withFault(bed().machine, name, attributes(), async (fault) => {
      assert.equal(await isFelt(), true);
      await fault.disarm();
      const first = await fault.status();
      await fault.disarm();
      assert.deepEqual(await fault.status(), first);
      assert.deepEqual([first.phase, first.reason], ['ended', 'disarmed']);
      assert.equal(await isFelt(), false);
    });
  });

  test('what was never armed can be disarmed', async () => {
    await withMade(async (fault) => {
      await fault.disarm();
      assert.equal((await fault.status()).phase, 'idle');
      assert.equal(await isFelt(), false);
    });
  });

  test('it can be armed anew, and counts from nothing', async () => {
    await withMade(async (fault) => {
      for (let round = 0; round < 2; round++) {
        await fault.arm();
        assert.equal(await isFelt(), true);
        await fault.disarm();
        assert.equal((await fault.status()).effects, effectsOfOneUse);
      }
    });
  });

  test('nothing of it can be changed while it is armed', async () => {
    await withFault(bed().machine, name, attributes(), async (fault) => {
      assert.equal(
        await fault.refusalOf({ delay_us: 5 }),
        'delay_us: cannot be changed while the fault is armed; write 0 to arm first',
      );
    });
  });

  test('taking its directory away ends it', async () => {
    const fault = await KernelFault.make(bed().machine, name, attributes());
    await fault.arm();
    assert.equal(await isFelt(), true);
    await fault.remove();
    assert.equal(await isFelt(), false);
  });
}
