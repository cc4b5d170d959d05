import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut, linksOf, namespacesOf } from './layout.ts';
import { parseSubnet } from './subnet.ts';

const subnet = parseSubnet('198.18.5.0/24');
assert.ok(subnet);

test('link names fit the kernel, and two instances share no name in the machine', () => {
  const long = 'a'.repeat(32);
  const [one, other] = ['one', long].map((name) => layOut(name, '/var/lib/x', subnet));
  assert.ok(one && other);
  const names = [one, other].flatMap((system) => [...linksOf(system), ...namespacesOf(system)]);
  assert.equal(new Set(names).size, names.length);
  for (const link of linksOf(other)) assert.ok(link.length <= 15, link);
});

test('no two places of an instance have an address in common', () => {
  const { front, hosts, management } = layOut('one', '/var/lib/x', subnet);
  const managed = [
    management.address,
    front.managementAddress,
    ...hosts.map((host) => host.managementAddress),
  ];
  const data = [front.address, ...hosts.flatMap((host) => [host.address, host.container.address])];
  assert.equal(new Set(managed).size, 4);
  assert.equal(new Set(data).size, 5);
});

test('a name or a directory that would break a path or a configuration is refused', () => {
  for (const name of ['', 'Upper', 'a b', '../x', '-a', 'a-', 'a'.repeat(33)]) {
    assert.throws(() => layOut(name, '/var/lib/x', subnet), { code: 'INVALID_INPUT' }, name);
  }
  for (const directory of ['relative', '/with space', '/per%cent', `/${'x'.repeat(90)}`]) {
    assert.throws(() => layOut('one', directory, subnet), { code: 'INVALID_INPUT' }, directory);
  }
});
