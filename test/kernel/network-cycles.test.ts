import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seeded } from '../../injectors/seeded.ts';
import { GuestLink } from './guest-link.ts';
import { MachineBed } from './machine-bed.ts';

/** Arming and disarming, again and again, while frames pass. The bed looks at what the kernel has said in the end. */
let bed: MachineBed;
let link: GuestLink;

before(async () => {
  bed = await MachineBed.start({ cpus: 2 });
  link = await GuestLink.make(bed.machine);
});

after(async () => {
  await link.remove();
  await bed.end();
});

const cycles = 1_000;
const effects = [
  'effect=drop',
  'effect=delay delay_us=3000 jitter_us=2000',
  'effect=delay delay_us=9000000',
  'effect=corrupt bits=3',
  'effect=corrupt checksum=silent part=payload',
  'effect=duplicate copies=2',
  'effect=reorder gap=2',
];
const modes = ['permanent', 'share 500000000', 'one_in 3', 'burst 2000 2000'];
const directions = ['out', 'in', 'both'];

test(`${cycles} random faults under traffic leave the kernel as it was`, async () => {
  const random = seeded(4, 'cycles');
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const lines = Array.from({ length: cycles }, (_, cycle) => {
    const slot = Math.floor(random() * 4);
    const pauseMs = Math.floor(random() * 12);
    return `${cycle} ${slot} 0.0${String(pauseMs).padStart(2, '0')} ${one(directions)} ${one(modes).replaceAll(' ', ',')} ${one(effects)}`;
  });
  await bed.machine.writeFile('/tmp/cycles', `${lines.join('\n')}\n`);
  await bed.machine.writeFile('/tmp/cycle', script(link));
  const slabs = async (): Promise<number> =>
    Number(
      await bed.machine.demand(`awk '/^net_held / { print $2 } END { print 0 }' /proc/slabinfo | head -n 1`),
    );
  const said = await bed.machine.demand(['sh', '/tmp/cycle'], { timeoutMs: 1_000_000 });
  assert.equal(said.trim(), `armed ${cycles}`);
  assert.equal((await link.ping({ count: 10 })).received, 10);
  assert.equal(await slabs(), 0);
  // Neither of them can be removed while somebody counts on it.
  await bed.machine.demand(`ip link del ${link.device}`, { timeoutMs: 15_000 });
});

/** Four faults at most at a time: each line of the list takes the place of one that is still armed. */
function script({ device, address, peer }: GuestLink): string {
  return `
cd /sys/kernel/config/ordeal/net || exit
ping -n -q -f -i 0.002 ${address} > /dev/null 2>&1 & pings=$!
ip netns exec ${peer} sh -c 'while :; do ping -n -q -f -c 500 ${address.replace(/2$/, '1')} > /dev/null 2>&1; done' & others=$!
now=$(sed -n 's/^boottime_ns: //p' ../clocks)
armed=0
while read -r cycle slot pause direction mode attributes; do
  [ ! -d cycle$slot ] || rmdir cycle$slot || exit
  mkdir cycle$slot || exit
  echo ${device} > cycle$slot/device
  echo $direction > cycle$slot/direction
  echo $mode | tr , ' ' > cycle$slot/mode
  for attribute in $attributes; do echo "\${attribute#*=}" > cycle$slot/"\${attribute%%=*}"; done
  echo $cycle > cycle$slot/seed
  echo $((now + 3600000000000)) > cycle$slot/deadline_ns
  echo 1 > cycle$slot/arm && armed=$((armed + 1)) || { cat cycle$slot/error; exit 1; }
  sleep $pause
done < /tmp/cycles
rmdir cycle*
kill $pings $others
echo armed $armed
`;
}
