import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestLink } from './guest-link.ts';
import { KernelFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** What the kernel says to what it does not take, word by word; and that nothing is armed then. */
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

const port = 'a port or a range of ports from 1 to 65535, like 53 or 8000-8010';
const prefix = 'an address or a prefix, like 10.0.0.7, 10.0.0.0/8 or fd00::/8';

const values: [attribute: string, value: string, sentence: string][] = [
  ['effect', 'dorp', 'effect: "dorp" is none of: drop delay corrupt duplicate reorder'],
  ['direction', 'up', 'direction: "up" is none of: out in both'],
  ['protocol', 'sctp', 'protocol: "sctp" is none of: any tcp udp icmp'],
  ['part', 'tail', 'part: "tail" is none of: any header payload'],
  ['checksum', 'loud', 'checksum: "loud" is none of: wire silent'],
  ['delay_us', '0', 'delay_us: "0" is not a whole number from 1 to 10000000'],
  ['delay_us', '10000001', 'delay_us: "10000001" is not a whole number from 1 to 10000000'],
  ['delay_us', '5ms', 'delay_us: "5ms" is not a whole number from 1 to 10000000'],
  ['jitter_us', '-1', 'jitter_us: "-1" is not a whole number from 0 to 10000000'],
  ['bits', '65', 'bits: "65" is not a whole number from 1 to 64'],
  ['copies', '11', 'copies: "11" is not a whole number from 1 to 10'],
  ['gap', '1001', 'gap: "1001" is not a whole number from 1 to 1000'],
  ['hold_us', '0', 'hold_us: "0" is not a whole number from 1 to 10000000'],
  ['held_limit', '0', 'held_limit: "0" is not a whole number from 1 to 1000000'],
  ['netns', 'x', 'netns: "x" is not a whole number from 0 to 4294967295'],
  ['ifindex', '-3', 'ifindex: "-3" is not a whole number from 0 to 2147483647'],
  ['device', 'a/b', 'device: "a/b" is not a name of a device: 1 to 15 characters, no blank, no /'],
  ['ports', '0', `ports: "0" is not ${port}`],
  ['ports', '53 8010-8000', `ports: "8010-8000" is not ${port}`],
  ['ports', '53,54', `ports: "53,54" is not ${port}`],
  ['ports', '1-2-3', `ports: "1-2-3" is not ${port}`],
  ['addresses', '10.0.0.256', `addresses: "10.0.0.256" is not ${prefix}`],
  ['addresses', '10.0.0.0/33', `addresses: "10.0.0.0/33" is not ${prefix}`],
  ['addresses', 'fd00::/129', `addresses: "fd00::/129" is not ${prefix}`],
  ['mode', 'share 1000000001', 'mode: the share: "1000000001" is not a whole number from 0 to 1000000000'],
];

for (const [attribute, value, sentence] of values) {
  test(`${attribute} cannot be ${value}, and stays as it was`, async () => {
    await withMade({}, async (fault) => {
      const before = await read(fault, attribute);
      assert.equal(await fault.refusalOf({ [attribute]: value }), sentence);
      assert.equal(await read(fault, attribute), before);
    });
  });
}

test('more ports than a hundred are refused', async () => {
  const ports = Array.from({ length: 101 }, (_, index) => String(1_000 + index)).join(' ');
  await withMade({}, async (fault) => {
    assert.equal(await fault.refusalOf({ ports }), 'ports: there are more than 100');
  });
});

const together: [what: string, attributes: Record<string, string | number>, sentence: string][] = [
  ['no effect', { device: 'lo' }, 'effect: is not given; one of: drop delay corrupt duplicate reorder'],
  ['no device', { effect: 'drop' }, 'device: exactly one of device and ifindex has to be given'],
  [
    'two devices',
    { effect: 'drop', device: 'lo', ifindex: 1 },
    'device: exactly one of device and ifindex has to be given',
  ],
  [
    'a delay of no length',
    { effect: 'delay', device: 'lo' },
    'delay_us: is not given; a delay takes from 1 to 10000000 microseconds',
  ],
  [
    'a jitter above its delay',
    { effect: 'delay', device: 'lo', delay_us: 5, jitter_us: 6 },
    'jitter_us: 6 is more than delay_us, 5',
  ],
  [
    'ports of icmp',
    { effect: 'drop', device: 'lo', protocol: 'icmp', ports: '53' },
    'ports: are only for tcp and udp: icmp has none',
  ],
  [
    'a device that is not there',
    { effect: 'drop', device: 'none0' },
    'device: there is no "none0" in this network namespace',
  ],
  [
    'a number that no device has',
    { effect: 'drop', ifindex: 999999 },
    'ifindex: there is no device 999999 in this network namespace',
  ],
  [
    'a namespace that is not there',
    { effect: 'drop', device: 'lo', netns: 17 },
    'netns: there is no network namespace with inode 17',
  ],
];

for (const [what, attributes, sentence] of together) {
  test(`${what} cannot be armed`, async () => {
    await withMade(attributes, async (fault) => {
      assert.equal(await fault.refusalToArm(), sentence);
      assert.equal((await fault.status()).phase, 'idle');
    });
  });
}

test('a ninth fault on one device is refused, and changes nothing about the eight', async () => {
  const faults: KernelFault[] = [];
  try {
    for (let number = 0; number < 9; number++) {
      const asked = { device: link.device, effect: 'drop', protocol: 'udp', ports: '7' };
      faults.push(await KernelFault.make(bed.machine, 'net', asked));
    }
    for (const fault of faults.slice(0, 8)) await fault.arm();
    assert.equal(
      await faults[8]?.refusalToArm(),
      `device: ${link.device} has 8 faults already, the most there can be`,
    );
    assert.equal((await link.ping({ count: 3 })).received, 3);
    assert.equal((await faults[7]?.status())?.phase, 'open');
  } finally {
    for (const fault of faults) await fault.remove();
  }
});

test('what is written is read back as it was written', async () => {
  const written = { ports: '53 8000-8010', addresses: '10.0.0.7 10.0.0.0/8 fd00:0::/8', mode: 'one_in 7' };
  await withMade(written, async (fault) => {
    for (const [attribute, value] of Object.entries(written))
      assert.equal(await read(fault, attribute), value);
  });
});

async function withMade(
  attributes: Record<string, string | number>,
  work: (fault: KernelFault) => Promise<void>,
) {
  const fault = await KernelFault.make(bed.machine, 'net', attributes);
  try {
    await work(fault);
  } finally {
    await fault.remove();
  }
}

async function read(fault: KernelFault, attribute: string): Promise<string> {
  return (await bed.machine.demand(`cat ${fault.directory}/${attribute}`)).trimEnd();
}
