import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantsOf, missingFrom, parseCounted, tablesIn } from './read-back.ts';

const text = `table netdev ordeal_x {
	counter seen_in {
		packets 20 bytes 900
	}

	counter touched_in {
		packets 5 bytes 300
	}

	counter touched_out {
		packets 2 bytes 300
	}

	set active {
		type iface_index
		flags timeout
		elements = { "eth0" timeout 3s500ms expires 3s496ms }
	}

	set first {
		type iface_index
		size 4
		flags dynamic,timeout
		timeout 1d2s
		elements = { "eth0" expires 23h59m58s508ms }
	}

	set last {
		type iface_index
		size 4
		flags dynamic,timeout
		timeout 1d2s
		elements = { "eth0" timeout 1d2s expires 1d1s996ms }
	}

	chain in {
		type filter hook ingress device "eth0" priority -500; policy accept;
		iif @active counter name "seen_in"
	}
}
`;

test('the counters are added up, and the stamps are ages in microseconds', () => {
  assert.deepEqual(parseCounted(text), { seen: 20, dropped: 7, firstAgoUs: 3_492_000, lastAgoUs: 4_000 });
});

test('without a drop there are no stamps', () => {
  const none = text.replace(/^\s*elements = .*$/gm, '');
  const { firstAgoUs, lastAgoUs } = parseCounted(none);
  assert.deepEqual([firstAgoUs, lastAgoUs], [undefined, undefined]);
});

test('only tables of the netdev family are answered', () => {
  const json = JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { table: { family: 'netdev', name: 'ordeal_x' } },
      { table: { family: 'ip', name: 'nat' } },
    ],
  });
  assert.deepEqual(tablesIn(json), ['ordeal_x']);
});

const ingress = { name: 'in', hook: 'ingress', key: 'iif', ways: 0 } as const;
const whole = [
  { chain: { name: 'in', hook: 'ingress' } },
  { rule: { chain: 'in', expr: [{ counter: 'seen_in' }] } },
  { rule: { chain: 'in', expr: [{ counter: 'touched_in' }, { drop: null }] } },
  { set: { name: 'active', elem: [{ elem: { val: 'eth0' } }] } },
];
const expected = { device: 'eth0', directions: [ingress], drops: true };

const filtering = [
  { chain: { name: 'in', hook: 'ingress' } },
  { rule: { chain: 'in', expr: [{ match: {} }, { goto: { target: 'matched_in' } }] } },
  { rule: { chain: 'matched_in', expr: [{ counter: 'touched_in' }, { drop: null }] } },
  { set: { name: 'active', elem: [{ elem: { val: 'eth0' } }] } },
];
const filtered = { ...expected, directions: [{ ...ingress, ways: 1 }] };

for (const [claim, entries, listed, wanted, missing] of [
  ['a whole ruleset misses nothing', whole, text, expected, undefined],
  ['a chain that is not there', whole.slice(1), text, expected, /chain "in" is not on the ingress hook/],
  ['a chain of another device', whole, text, { ...expected, device: 'eth' }, /not on eth$/],
  [
    'a newer way to print the device',
    whole,
    text.replace('device "eth0"', 'devices = { eth0 }'),
    expected,
    undefined,
  ],
  ['a chain that lost its rule', [whole[0], whole[1], whole[3]], text, expected, /does not drop/],
  ['a rule that was not asked for', whole, text, { ...expected, drops: false }, /"in" drops packets/],
  ['a filter that is there as a whole', filtering, text, filtered, undefined],
  ['a filter that lost a way', filtering.toSpliced(1, 1), text, filtered, /in 0 ways, not in 1/],
  ['a filter that was not asked for', filtering, text, expected, /in 1 ways, not in 0/],
  ['a filter whose packets pass', filtering.toSpliced(2, 1), text, filtered, /"in" does not drop/],
  ['a time that is over', whole.slice(0, 3), text, expected, /time of the fault is over/],
] as const) {
  test(`${claim} is told from the others`, () => {
    const found = missingFrom(JSON.stringify({ nftables: entries }), listed, wanted);
    if (missing === undefined) assert.equal(found, undefined);
    else assert.match(found ?? 'nothing', missing);
  });
}

test('the last drop is never before the first, though their stamps run by ticks of the kernel', () => {
  assert.deepEqual(instantsOf({ firstAgoUs: 8_000, lastAgoUs: 12_000 }, 100_000), {
    firstUs: 92_000,
    lastUs: 92_000,
  });
  assert.deepEqual(instantsOf({ firstAgoUs: 80_000, lastAgoUs: 4_000 }, 100_000), {
    firstUs: 20_000,
    lastUs: 96_000,
  });
  assert.deepEqual(instantsOf({}, 100_000), {});
});
