import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AgentBed } from './agent-bed.ts';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestLink } from './guest-link.ts';
import { SteadyPing } from './steady-ping.ts';

const faults = '/sys/kernel/config/ordeal/net';
const held = { delay: '700ms' };
const heldMs = 700;

/** What is seen of a link by who uses it, and what is asked for to see it. */
const kinds = [
  {
    mechanism: 'kernel-net-drop',
    cell: 'physical.network.unavailability',
    isTouched: async (link: GuestLink) => (await link.ping(pings)).received === 0,
  },
  {
    mechanism: 'kernel-net-delay',
    cell: 'physical.network.delay',
    parameters: held,
    isTouched: async (link: GuestLink) => (await fastestMs(link)) >= heldMs,
  },
  {
    mechanism: 'kernel-net-corrupt',
    cell: 'physical.network.corruption',
    isTouched: async (link: GuestLink) => (await link.ping(pings)).received === 0,
  },
  {
    mechanism: 'kernel-net-duplicate',
    cell: 'physical.network.corruption',
    isTouched: async (link: GuestLink) => {
      const { order } = await link.ping(pings);
      return new Set(order).size < order.length;
    },
  },
  {
    mechanism: 'kernel-net-reorder',
    cell: 'physical.network.corruption',
    parameters: { gap: 1, hold: '10s' },
    more: ['--one-in', '2'],
    isTouched: async (link: GuestLink) => {
      const { order } = await link.ping(pings);
      return order.some((sequence, index) => sequence < (order[index - 1] ?? 0));
    },
  },
] as const;

const pings = { count: 6, intervalMs: 200 };

async function fastestMs(link: GuestLink): Promise<number> {
  const { roundTripsMs } = await link.ping(pings);
  assert.notEqual(roundTripsMs.length, 0, 'answers');
  return Math.min(...roundTripsMs);
}

describe('faults of a NIC by the module, through the agent as it is delivered', () => {
  let bed: AgentBed;
  let link: GuestLink;
  let neighbour: GuestLink;

  before(async () => {
    bed = await AgentBed.start();
    link = await GuestLink.make(bed.machine);
    neighbour = await GuestLink.make(bed.machine);
    await bed.knows('nic', link.device, neighbour.device);
  });
  after(async () => {
    await bed.end();
  });

  async function nothingIsLeft(): Promise<void> {
    assert.equal(await bed.machine.demand(`ls ${faults}`), '');
  }

  test('the host can do what the module does, and not what nft and tc would', async () => {
    const { capabilities } = await bed.host();
    const can = capabilities.filter(({ supported }) => supported).map(({ mechanism }) => mechanism);
    for (const { mechanism } of kinds) assert.ok(can.includes(mechanism), mechanism);
    for (const mechanism of ['nft-drop', 'netem-delay', 'netem-corrupt'])
      assert.ok(!can.includes(mechanism), mechanism);
  });

  test('the NIC by which the agent dials is protected, the others are not', async () => {
    const nics = (await bed.host()).resources.filter(({ kind }) => kind === 'nic');
    const free = nics.filter(({ protectedBecause }) => protectedBecause === '').map(({ name }) => name);
    assert.deepEqual(free.sort(), ['data0', link.device, neighbour.device].sort());
  });

  test('a NIC is cut for 5 s and no longer, its neighbour is not', async () => {
    const [cut, whole] = await Promise.all(
      [link, neighbour].map(async ({ address }) => await SteadyPing.start(bed.machine, address)),
    );
    assert.ok(cut && whole);
    const target = `nic/${link.device}`;
    const id = await bed.inject({ cell: 'physical.network.unavailability', target, duration: '5s' });
    const { state, effects } = await bed.ended(id);
    assert.equal(state, 'ended');
    await Promise.all([cut.goesOn(), whole.goesOn()]);
    const [seen, beside] = [await cut.stop(), await whole.stop()];
    // A start may be a second late, the end may not: so it is 4 s at least, and at most as many pings as are sent in 5 s.
    assert.ok(seen.gapMs >= 4_000, `${seen.gapMs} ms`);
    assert.ok(seen.lost > 0 && seen.lost <= 5_000 / SteadyPing.intervalMs + 1, `${seen.lost} lost`);
    assert.ok((effects?.count ?? 0) >= seen.lost);
    assert.equal(beside.lost, 0);
    await nothingIsLeft();
  });

  test('what a NIC sends is held as long as asked until the fault is stopped, what its neighbour sends is not', async () => {
    const target = `nic/${link.device}`;
    const id = await bed.inject({ cell: 'physical.network.delay', target, parameters: held });
    assert.ok((await fastestMs(link)) >= heldMs);
    assert.ok((await fastestMs(neighbour)) < heldMs);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) >= pings.count);
    assert.ok((await fastestMs(link)) < heldMs);
    await nothingIsLeft();
  });

  test('one bit of what a NIC sends is wrong, with checksums that are right, and none of what its neighbour sends', async () => {
    const target = `nic/${link.device}`;
    const parameters = { checksum: 'silent', part: 'payload', protocol: 'udp' };
    const id = await bed.inject({ cell: 'physical.network.corruption', target, parameters });
    const sent = Buffer.alloc(1000, 'Z');
    assert.equal(bitsThatDiffer(sent, await link.transfer('udp', sent.length)), 1);
    assert.equal(bitsThatDiffer(sent, await neighbour.transfer('udp', sent.length)), 0);
    assert.equal((await bed.stop(id)).effects?.count, 1);
    assert.equal(bitsThatDiffer(sent, await link.transfer('udp', sent.length)), 0);
    await nothingIsLeft();
  });

  describe('whose agent was killed amid it', () => {
    const links = new Map<string, GuestLink>();
    const touched = new Map<string, boolean>();
    const untouched = new Map<string, boolean>();
    const ends = new Map<string, string>();

    // All kinds at once, each on a NIC of its own: one death, one restart.
    before(async () => {
      for (const { mechanism } of kinds) links.set(mechanism, await GuestLink.make(bed.machine));
      const made = [...links].map(([mechanism, { device }]) => [mechanism, device] as const);
      await bed.knows('nic', ...made.map(([, device]) => device));
      const duration = bed.lasting(6);
      await Promise.all(
        kinds.map(async (kind) => {
          const target = `nic/${links.get(kind.mechanism)?.device ?? ''}`;
          await bed.inject({ ...kind, target, duration });
        }),
      );
      await bed.killAgent();
      for (const { mechanism, isTouched } of kinds) {
        const own = links.get(mechanism);
        if (own !== undefined) touched.set(mechanism, await isTouched(own));
      }
      for (const { mechanism } of kinds) ends.set(mechanism, await bed.endInKernel(faults, mechanism));
      for (const { mechanism } of kinds) {
        const { order = [] } = (await links.get(mechanism)?.ping(pings)) ?? {};
        untouched.set(mechanism, order.join() === '1,2,3,4,5,6');
      }
      await bed.startAgent();
    });

    for (const { mechanism } of kinds) {
      test(`${mechanism} goes on until its deadline, by which the kernel ends it`, () => {
        assert.equal(touched.get(mechanism), true, 'it went on');
        assert.equal(ends.get(mechanism), 'deadline');
        assert.equal(untouched.get(mechanism), true, 'it is over');
      });
    }

    test('of all of them the next agent leaves nothing, and the host is clean', async () => {
      await nothingIsLeft();
      assert.deepEqual((await bed.host()).quarantinedBecause, []);
    });
  });
});
