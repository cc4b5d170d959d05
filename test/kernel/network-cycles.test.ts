import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { armAgainAndAgain } from './arming-cycles.ts';
import { GuestLink } from './guest-link.ts';
import { holdingsOf, leaks } from './kernel-holdings.ts';
import { cpusWhileTracing } from './kernel-under-test.ts';
import { MachineBed } from './machine-bed.ts';

/** Arming and disarming, again and again, while frames pass. The bed looks at what the kernel has said in the end. */
let bed: MachineBed;
let link: GuestLink;

before(async () => {
  bed = await MachineBed.start({ cpus: cpusWhileTracing() });
  link = await GuestLink.make(bed.machine);
});

after(async () => {
  await link.remove();
  await bed.end();
});

const cycles = 1_000;
const effects = [
  { effect: 'drop' },
  { effect: 'delay', delay_us: 3_000, jitter_us: 2_000 },
  { effect: 'delay', delay_us: 9_000_000 },
  { effect: 'corrupt', bits: 3 },
  { effect: 'corrupt', checksum: 'silent', part: 'payload' },
  { effect: 'duplicate', copies: 2 },
  { effect: 'reorder', gap: 2 },
];

test(`${cycles} random faults under traffic leave the kernel as it was`, async () => {
  const pings = await traffic();
  const asked = {
    effects,
    others: { device: [link.device], direction: ['out', 'in', 'both'] },
    counterFiles: [`/sys/class/net/${link.device}/statistics/tx_packets`],
  };
  // Whatever is allocated once and for all is there when the counting begins.
  await armAgainAndAgain(bed.machine, 'net', { ...asked, cycles: 40, seed: 1 });
  const before = await holdingsOf(bed.machine, 'net');

  const done = await armAgainAndAgain(bed.machine, 'net', { ...asked, cycles, seed: 4 });

  assert.deepEqual(done, { armed: cycles, untouched: [], standstill: [] });
  assert.deepEqual(leaks(before, await holdingsOf(bed.machine, 'net'), cycles), []);
  await bed.machine.demand(`kill ${pings}`);
  assert.equal((await link.ping({ count: 10 })).received, 10);
  assert.equal(await framesHeld(), 0);
  // Neither of them can be removed while somebody counts on it.
  await bed.machine.demand(`ip link del ${link.device}`, { timeoutMs: 15_000 });
});

/** Pings from both ends, until they are killed; answers by what. */
async function traffic(): Promise<string> {
  const { address, peer } = link;
  const pids = await bed.machine.demand(`
    exec 3>&1 < /dev/null > /dev/null 2>&1
    ping -n -q -f -i 0.002 ${address} 3>&- & one=$!
    ip netns exec ${peer} sh -c 'while :; do ping -n -q -f -c 500 ${address.replace(/2$/, '1')}; done' 3>&- & other=$!
    echo $one $other >&3`);
  return pids.trim();
}

async function framesHeld(): Promise<number> {
  const slab = `awk '/^net_held / { print $2 } END { print 0 }' /proc/slabinfo | head -n 1`;
  return Number(await bed.machine.demand(slab));
}
