import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaseUs } from '../fleet/lease.ts';
import { Presence } from './presence.ts';

const second = 1_000_000;

/** What is said of a host that is looked at once a second: of each second, when it was last heard of, and in which boot. */
function told(...sights: readonly (readonly [heardS: number, bootId: string, bootedS?: number])[]) {
  const presence = new Presence('nfvi-1');
  return sights.flatMap(([heardS, bootId, bootedS], index) => {
    const bootedUs = bootedS === undefined ? undefined : bootedS * second;
    return presence.see({ heardUs: heardS * second, bootId, bootedUs }, (index + 1) * second) ?? [];
  });
}

const silent = { kind: 'host.silent', of: 'nfvi-1', lastHeardUs: 2 * second };
const back = { kind: 'host.returned', of: 'nfvi-1', lastHeardUs: 2 * second, returnedUs: 7 * second };

test('of a host that is heard of nothing is said', () => {
  assert.deepEqual(told([1, 'a'], [2, 'a'], [3, 'a']), []);
});

test('a host that comes back in the boot in which it went was silent, and has not crashed', () => {
  const [going, coming, ...more] = told([1, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [7, 'a']);
  assert.deepEqual(going, silent);
  assert.deepEqual(coming, { ...back, crashed: false });
  assert.deepEqual(more, []);
});

test('a host that comes back in another boot has crashed, and when that boot began is told', () => {
  const said = told([1, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [7, 'b', 5], [8, 'b', 5]);
  assert.deepEqual(said, [silent, { ...back, crashed: true, bootedUs: 5 * second }]);
});

test('of an agent that does not say for how long its host has been up, the crash is told without it', () => {
  const said = told([1, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [7, 'b']);
  assert.deepEqual(said, [silent, { ...back, crashed: true }]);
});

test('of a host that does not come back nobody says that it has crashed', () => {
  assert.deepEqual(told([1, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a'], [2, 'a']), [silent]);
});

test('a boot that is quicker than a silence is noticed is a crash all the same', () => {
  const crash = { crashed: true, bootedUs: 2.5 * second };
  const said = told([1, 'a'], [2, 'a'], [3, 'b', 2.5]);
  assert.deepEqual(said, [
    { kind: 'host.returned', of: 'nfvi-1', lastHeardUs: 2 * second, returnedUs: 3 * second, ...crash },
  ]);
});

test('a host that was away before it was ever there has not gone', () => {
  const presence = new Presence('nfvi-1');
  const never = { heardUs: undefined, bootId: undefined, bootedUs: undefined };
  assert.equal(presence.see(never, second), undefined);
  const old = { heardUs: 0, bootId: 'a', bootedUs: 0 };
  assert.equal(presence.see(old, leaseUs), undefined);
  assert.equal(presence.see({ ...old, heardUs: leaseUs }, leaseUs), undefined);
});
