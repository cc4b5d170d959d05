import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { GuestLink } from './guest-link.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** The device of a fault goes while it is armed, with frames held back. */
let bed: MachineBed;
let link: GuestLink;

before(async () => void (bed = await MachineBed.start({ cpus: 2 })));
after(async () => await bed.end());
beforeEach(async () => void (link = await GuestLink.make(bed.machine)));
afterEach(async () => await link.remove());

const held = 5;
const delayed = (): Record<string, string | number> => ({
  device: link.device,
  effect: 'delay',
  delay_us: 10_000_000,
});

test('its removal ends the fault, says why, and takes what is held with it', async () => {
  await withFault(bed.machine, 'net', delayed(), async (fault) => {
    await link.datagrams(5_999, held);
    await bed.machine.demand(`ip link del ${link.device}`);
    const { reason, lines } = await fault.ended();
    assert.equal(reason, 'the device was removed');
    assert.deepEqual([lines.held, lines.purged, lines.unhooked], ['0', String(held), 'yes']);
  });
});

test('its removal ends all faults that are on it', async () => {
  await withFault(
    bed.machine,
    'net',
    { device: link.device, effect: 'drop', direction: 'both' },
    async (one) => {
      await withFault(bed.machine, 'net', { device: link.device, effect: 'duplicate' }, async (other) => {
        await bed.machine.demand(`ip -n ${link.peer} link del ${link.peer}`);
        assert.equal((await one.ended()).reason, 'the device was removed');
        assert.equal((await other.ended()).reason, 'the device was removed');
      });
    },
  );
});

test('a move to another namespace ends the fault, and the device works there', async () => {
  await withFault(bed.machine, 'net', delayed(), async (fault) => {
    await link.datagrams(5_999, held);
    await bed.machine.demand(`ip netns add elsewhere; ip link set ${link.device} netns elsewhere`);
    const { reason, lines } = await fault.ended();
    assert.equal(reason, 'the device was moved to another network namespace');
    assert.deepEqual([lines.held, lines.purged], ['0', String(held)]);
    const said = await bed.machine.demand(`set -e
      ip -n elsewhere address add ${link.address.replace(/2$/, '1')}/24 dev ${link.device}
      ip -n elsewhere link set ${link.device} up
      ip netns exec elsewhere ping -c 3 -i 0.2 ${link.address}
      ip netns del elsewhere`);
    assert.match(said, /3 received/);
  });
});

test('the end of its namespace ends the fault', async () => {
  await bed.machine.demand(`ip netns add elsewhere
    ip link add inner0 netns elsewhere type dummy; ip -n elsewhere link set inner0 up`);
  const inode = await bed.machine.demand('ip netns exec elsewhere readlink /proc/self/ns/net');
  const asked = { netns: inode.replace(/\D/g, ''), device: 'inner0', effect: 'drop', direction: 'both' };
  await withFault(bed.machine, 'net', asked, async (fault) => {
    await bed.machine.demand('ip netns del elsewhere');
    assert.equal((await fault.ended()).reason, 'the device was removed');
  });
});

test('a device that goes down loses what is held, and the fault goes on when it is up again', async () => {
  await withFault(bed.machine, 'net', delayed(), async (fault) => {
    await link.datagrams(5_999, held);
    await bed.machine.demand(`ip link set ${link.device} down`);
    assert.deepEqual([await fault.count('held'), await fault.count('purged')], [0, held]);
    assert.equal((await fault.status()).phase, 'open');
    await bed.machine.demand(`set -e; ip link set ${link.device} up
      ip neighbour replace ${link.address} lladdr 02:00:00:00:00:02 dev ${link.device} nud permanent`);
    const earlier = await fault.count('held');
    await link.datagrams(5_999, held);
    assert.ok((await fault.count('held')) >= earlier + held);
  });
});

test('the driver of a device can be unloaded while the fault is armed', async () => {
  await bed.machine.demand('modprobe dummy numdummies=0; ip link add gone0 type dummy; ip link set gone0 up');
  await withFault(
    bed.machine,
    'net',
    { device: 'gone0', effect: 'drop', direction: 'both' },
    async (fault) => {
      await bed.machine.demand('rmmod dummy');
      assert.equal((await fault.ended()).reason, 'the device was removed');
      await fault.disarm();
    },
  );
});

test('a device can be taken away after its fault: nothing of the fault holds it', async () => {
  await withFault(bed.machine, 'net', { ...delayed(), direction: 'both' }, async () => {
    await link.datagrams(5_999, held);
  });
  // Whoever holds a device lets this wait for ever.
  await bed.machine.demand(`ip link del ${link.device}`, { timeoutMs: 15_000 });
});
