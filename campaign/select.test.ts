import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { HostInventory } from './inventory.ts';
import { type Selector, selectTargets } from './select.ts';

const nics = ['eth0', 'eth1'].map((name) => ({ kind: 'nic', name }) as const);
const host = (name: string, parts: Partial<HostInventory> = {}): HostInventory => ({
  host: name,
  labels: { role: 'nfvi' },
  resources: nics,
  capabilities: [],
  ...parts,
});
const here = [host('host-2'), host('host-1'), host('tester', { labels: { role: 'tester' } })];
const everyNic: Selector = { host: '*', kind: 'nic', name: '*', pick: { kind: 'all' } };

function names(selector: Partial<Selector>, seed = 1, inventory = here): string[] {
  return selectTargets({ ...everyNic, ...selector }, inventory, seed).map(
    (target) => `${target.host}/${target.name}`,
  );
}

test('hosts are chosen by pattern and by label, things on them by kind and pattern', () => {
  assert.deepEqual(names({ host: 'host-*', name: 'eth0' }), ['host-1/eth0', 'host-2/eth0']);
  assert.deepEqual(names({ labels: { role: 'tester' } }), ['tester/eth0', 'tester/eth1']);
  assert.deepEqual(names({ host: 'host-1' }), ['host-1/eth0', 'host-1/eth1']);
  assert.deepEqual(names({ host: 'host-1', kind: 'host', name: 'host-1' }), ['host-1/host-1']);
});

test('a label that every object has is not on every host', () => {
  assert.throws(() => names({ labels: { constructor: 'x' } }), { code: 'NO_TARGET' });
});

describe('by facts', () => {
  const container = (name: string, facts: Record<string, string>) =>
    ({ kind: 'container', name, facts }) as const;
  const inventory = [
    host('host-1', {
      resources: [
        container('docker/a', { image: 'nginx:1.27', runtime: 'docker' }),
        container('podman/b', { image: 'nginx:1.26', runtime: 'podman' }),
        container('runc/c', { runtime: 'runc' }),
      ],
    }),
  ];
  const chosen = (where: Record<string, string>) => names({ kind: 'container', where }, 1, inventory);

  test('each that is asked for has to be told, and to match', () => {
    assert.deepEqual(chosen({ image: 'nginx:*' }), ['host-1/docker/a', 'host-1/podman/b']);
    assert.deepEqual(chosen({ image: 'nginx:*', runtime: 'podman' }), ['host-1/podman/b']);
  });

  test('what matches none is an error that says what is told', () => {
    assert.throws(() => chosen({ image: 'haproxy:*' }), {
      code: 'NO_TARGET',
      message:
        'the target { host: *, container: *, where: image=haproxy:* } matches no container; there are: docker/a on host-1 (image: nginx:1.27), podman/b on host-1 (image: nginx:1.26), runc/c on host-1 (image: not told)',
    });
  });

  test('a fact that every object has is not told of every thing', () => {
    assert.throws(() => chosen({ constructor: '*' }), { code: 'NO_TARGET' });
  });
});

test('so many are picked as asked for, by the seed alone, and never none', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 6 }),
      fc.shuffledSubarray([...here], { minLength: 3 }),
      (seed, count, shuffled) => {
        const picked = names({ pick: { kind: 'count', count } }, seed);
        assert.equal(new Set(picked).size, count);
        assert.deepEqual(names({ pick: { kind: 'count', count } }, seed, shuffled), picked);
      },
    ),
  );
  assert.equal(names({ pick: { kind: 'share', share: 0.5 } }).length, 3);
  assert.equal(names({ pick: { kind: 'share', share: 0.01 } }).length, 1);
  const first = Array.from(
    { length: 60 },
    (_, seed) => names({ pick: { kind: 'count', count: 1 } }, seed)[0],
  );
  assert.equal(new Set(first).size, 6, 'each of them is picked by some seed');
});

test('an empty selection is an error that says what was asked for and what there is', () => {
  assert.throws(() => names({ host: 'hots-1' }), {
    code: 'NO_TARGET',
    message: 'the target { host: hots-1, nic: * } matches no host; there are: host-1, host-2, tester',
  });
  assert.throws(() => names({ host: 'host-1', name: 'eth7' }), {
    code: 'NO_TARGET',
    message:
      'the target { host: host-1, nic: eth7 } matches no nic; there are: eth0 on host-1, eth1 on host-1',
  });
  assert.throws(() => names({ labels: { role: 'compute' } }), /labels: role=compute.*host-1 \(role=nfvi\)/);
  assert.throws(() => names({}, 1, []), /there are: none/);
  assert.throws(() => names({ pick: { kind: 'count', count: 7 } }), /asks for 7 targets, but only 6 match/);
});

test('what is protected is refused with its reason, also where a pattern only includes it', () => {
  const resources = [...nics, { kind: 'nic', name: 'mgmt0', protectedBecause: 'it carries Ordeal' } as const];
  const inventory = [host('host-1', { resources })];
  const refused = {
    code: 'PROTECTED_TARGET',
    message: /"mgmt0" of host "host-1", which is protected: it carries Ordeal/,
  };
  assert.throws(() => names({ name: 'mgmt0' }, 1, inventory), refused);
  assert.throws(() => names({ pick: { kind: 'count', count: 1 } }, 1, inventory), refused);
  assert.deepEqual(names({ name: 'eth*' }, 1, inventory), ['host-1/eth0', 'host-1/eth1']);
});

test('a host that runs Ordeal is refused as a whole', () => {
  const resources = [
    { kind: 'host', name: 'host-1', protectedBecause: 'the controller runs there' } as const,
  ];
  assert.throws(() => names({ kind: 'host' }, 1, [host('host-1', { resources })]), {
    code: 'PROTECTED_TARGET',
  });
});
