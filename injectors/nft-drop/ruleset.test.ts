import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Injection } from '../injector.ts';
import type { Mode } from '../mode.ts';
import type { NftDropParameters } from './descriptor.ts';
import { nftDrop } from './descriptor.ts';
import { rulesetOf, tableOf } from './ruleset.ts';

const device = { device: 'eth0', ifindex: 7 };

function injection(given: Partial<Injection<NftDropParameters>> = {}): Injection<NftDropParameters> {
  return {
    id: 'web-1',
    target: { kind: 'nic', host: 'alpha', bootId: 'b', name: 'eth0', netns: 1, ifindex: 7 },
    parameters: { direction: 'both' },
    mode: { kind: 'permanent' },
    seed: 1,
    durationUs: 1_500_000,
    ...given,
  };
}

/** The slots that a ruleset drops in one direction. */
function slotsOf(mode: Mode, seed: number, direction: 'in' | 'out'): number[] {
  const text = rulesetOf(injection({ mode, seed, parameters: { direction } }), device);
  const list = /numgen inc mod 1000 \{ ([^}]*) \}/.exec(text)?.[1];
  if (list === undefined) return [];
  return list.split(', ').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

test('all packets of both directions, until the time is over', () => {
  assert.equal(
    rulesetOf(injection(), device),
    `table netdev ordeal_web-1 {
set active {
type iface_index; flags timeout;
elements = { 7 timeout 1500ms }
}
set first {
type iface_index; size 4; flags dynamic,timeout; timeout 86401500ms;
}
set last {
type iface_index; size 4; flags dynamic,timeout; timeout 86401500ms;
}
counter seen_in {
}
counter touched_in {
}
chain in {
type filter hook ingress device "eth0" priority -500; policy accept;
iif @active counter name seen_in
iif @active add @first { iif } update @last { iif } counter name touched_in drop
}
counter seen_out {
}
counter touched_out {
}
chain out {
type filter hook egress device "eth0" priority -500; policy accept;
oif @active counter name seen_out
oif @active add @first { oif } update @last { oif } counter name touched_out drop
}
}
`,
  );
});

test('one direction has no chain for the other', () => {
  assert.doesNotMatch(rulesetOf(injection({ parameters: { direction: 'in' } }), device), /egress|oif/);
  assert.doesNotMatch(rulesetOf(injection({ parameters: { direction: 'out' } }), device), /ingress|iif/);
});

test('a share is that many of a thousand slots, by the seed alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.integer(), (thousandths, seed) => {
      const mode: Mode = { kind: 'probabilistic', share: thousandths / 1000 };
      const slots = slotsOf(mode, seed, 'in');
      assert.equal(new Set(slots).size, thousandths);
      assert.ok(slots.every((slot) => slot >= 0 && slot < 1000));
      assert.deepEqual(slotsOf(mode, seed, 'in'), slots);
    }),
  );
  const mode: Mode = { kind: 'probabilistic', share: 0.5 };
  assert.notDeepEqual(slotsOf(mode, 1, 'in'), slotsOf(mode, 2, 'in'));
  assert.notDeepEqual(slotsOf(mode, 1, 'in'), slotsOf(mode, 1, 'out'));
});

test('the share 0 counts what passes and drops nothing', () => {
  const text = rulesetOf(injection({ mode: { kind: 'probabilistic', share: 0 } }), device);
  assert.match(text, /counter name seen_in/);
  assert.doesNotMatch(text, /drop$/m);
});

test('one in n is one place in the turn', () => {
  const text = rulesetOf(injection({ mode: { kind: 'oneIn', n: 4 } }), device);
  assert.match(text, /numgen inc mod 4 [0-3] add @first/);
});

test('a filter counts and drops what matches in any way, by one chain', () => {
  const addresses = ['10.0.0.0/8', 'fd00::/8'];
  const text = rulesetOf(injection({ parameters: { direction: 'in', ports: ['53'], addresses } }), device);
  const way = 'iif @active meta l4proto { tcp, udp } th';
  assert.ok(
    text.includes(`chain matched_in {
iif @active counter name seen_in
iif @active add @first { iif } update @last { iif } counter name touched_in drop
}
chain in {
type filter hook ingress device "eth0" priority -500; policy accept;
${way} sport { 53 } ip saddr { 10.0.0.0/8 } goto matched_in
${way} sport { 53 } ip6 saddr { fd00::/8 } goto matched_in
${way} dport { 53 } ip saddr { 10.0.0.0/8 } goto matched_in
${way} dport { 53 } ip6 saddr { fd00::/8 } goto matched_in
}
`),
    text,
  );
});

test('the table bears the name of its injection', () => {
  assert.equal(tableOf({ id: 'q-20261121-t001-1' }), 'ordeal_q-20261121-t001-1');
});

for (const [wrong, message] of [
  [{ direction: 'inward' }, /Invalid option/],
  [{ interface: 'eth0"; flush ruleset' }, /name of an interface/],
  [{ interface: '' }, /name of an interface/],
  [{ share: 0.5 }, /Unrecognized key.*share/],
  [{ ports: [] }, /Too small/],
  [{ ports: ['53 drop'] }, /a port or a range/],
  [{ ports: ['0'] }, /a port or a range/],
  [{ ports: ['90-80'] }, /a port or a range/],
  [{ addresses: ['10.0.0.0/33'] }, /an address or a prefix/],
  [{ addresses: ['fe80::1%eth0'] }, /an address or a prefix/],
  [{ addresses: ['dns.example'] }, /an address or a prefix/],
  [{ protocol: 'icmp', ports: ['53'] }, /icmp has none/],
] as const) {
  test(`the parameters ${JSON.stringify(wrong)} are refused`, () => {
    assert.match(nftDrop.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}
