import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addressOf,
  chooseManagementSubnet,
  dataSubnet,
  formatSubnet,
  overlap,
  parseSubnet,
  type Subnet,
} from './subnet.ts';

const anySubnet = fc
  .tuple(fc.nat({ max: 0xffff_ffff }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]): Subnet => {
    const size = 2 ** (32 - prefix);
    return { base: Math.floor(address / size) * size, prefix };
  });

function parsed(text: string): Subnet {
  const subnet = parseSubnet(text);
  assert.ok(subnet, `${text} is a subnet`);
  return subnet;
}

test('a subnet reads back what it wrote', () => {
  fc.assert(fc.property(anySubnet, (subnet) => assert.deepEqual(parseSubnet(formatSubnet(subnet)), subnet)));
});

test('two subnets overlap exactly when one holds the first address of the other', () => {
  const holds = (outer: Subnet, inner: Subnet): boolean =>
    inner.base >= outer.base && inner.base < outer.base + 2 ** (32 - outer.prefix);
  fc.assert(
    fc.property(anySubnet, anySubnet, (one, other) => {
      assert.equal(overlap(one, other), holds(one, other) || holds(other, one));
    }),
  );
});

test('an address is a subnet of one, and nonsense is none', () => {
  assert.deepEqual(parsed('10.0.0.7'), { base: 0x0a000007, prefix: 32 });
  for (const text of ['default', '10.0.0', '10.0.0.256', '10.0.0.0/33', 'fe80::1', '']) {
    assert.equal(parseSubnet(text), undefined, text);
  }
});

test('the chosen management network is free of every route and starts from the preferred one', () => {
  assert.equal(formatSubnet(chooseManagementSubnet(undefined, 7, [])), '198.18.7.0/24');
  const routed = ['198.18.255.0/24', '198.18.0.9/32', '0.0.0.0/0', '0.0.0.0/1'].map(parsed);
  const chosen = chooseManagementSubnet(undefined, 255, routed);
  assert.equal(formatSubnet(chosen), '198.18.1.0/24');
  assert.equal(addressOf(chosen, 1), '198.18.1.1');
});

test('a pool that is routed as a whole is refused', () => {
  assert.throws(() => chooseManagementSubnet(undefined, 0, [parsed('198.18.0.0/15')]), {
    code: 'ALREADY_EXISTS',
  });
});

test('a subnet that was asked for is taken as it is, or refused with the reason', () => {
  const routed = [parsed('10.1.0.0/16')];
  assert.equal(formatSubnet(chooseManagementSubnet('10.2.3.0/24', 0, routed)), '10.2.3.0/24');
  assert.throws(() => chooseManagementSubnet('10.1.3.0/24', 0, routed), /already routed.*10\.1\.0\.0\/16/);
  for (const wrong of ['10.2.3.1/24', '10.2.0.0/16', '10.2.3.0', 'lan', formatSubnet(dataSubnet)]) {
    assert.throws(() => chooseManagementSubnet(wrong, 0, routed), { code: 'INVALID_INPUT' }, wrong);
  }
});
