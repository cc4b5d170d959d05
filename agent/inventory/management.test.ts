import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagementNics } from './management.ts';
import type { Nic } from './nics.ts';

function nic(name: string, more: Partial<Nic> = {}): Nic {
  return { name, ifindex: 1, device: '', state: 'up', addresses: [], ...more };
}

const peer = { role: 'controller', host: 'ctrl.example' };
const nics = [nic('eth0'), nic('eth1'), nic('br0', { device: 'bridge' }), nic('eth2', { master: 'br0' })];

/** Looks that answer one after the other as the list says; a text is why one fails. */
function looking(...looks: (readonly string[] | string)[]): ManagementNics {
  return new ManagementNics([peer], async () => {
    const look = looks.shift();
    if (look === undefined || typeof look === 'string') throw new Error(look);
    return await Promise.resolve(look);
  });
}

async function names(management: ManagementNics): Promise<string[]> {
  return [...(await management.protected(nics)).keys()].sort();
}

test('the interface to a peer is protected, with those that its frames pass through', async () => {
  assert.deepEqual(await names(looking(['br0'])), ['br0', 'eth2']);
});

test('the interface follows the route', async () => {
  const management = looking(['eth0'], ['eth1']);
  assert.deepEqual(await names(management), ['eth0']);
  assert.deepEqual(await names(management), ['eth1']);
});

for (const [how, look] of [
  ['fails', 'ip did not answer'],
  ['finds no route', []],
] as const) {
  test(`a look that ${how} leaves protected what was known last`, async () => {
    const management = looking(['eth0'], look, look);
    assert.deepEqual(await names(management), ['eth0']);
    assert.deepEqual(await names(management), ['eth0']);
    assert.deepEqual(await names(management), ['eth0']);
  });

  test(`where the first look ${how}, every interface is protected until one tells more`, async () => {
    const management = looking(look, ['eth0']);
    const reasons = await management.protected(nics);
    assert.deepEqual([...reasons.keys()].sort(), ['br0', 'eth0', 'eth1', 'eth2']);
    assert.match(reasons.get('eth1') ?? '', /no route to the controller at ctrl\.example has been found yet/);
    assert.deepEqual(await names(management), ['eth0']);
  });
}

test('the connection to a peer on this host goes through no interface', async () => {
  const loopback = new ManagementNics([{ role: 'controller', host: '127.0.0.1' }]);
  assert.deepEqual(await names(loopback), []);
});
