import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mechanismFor } from './mechanism.ts';

test('a cell is served by its own mechanism, by a substitute only when it is named, by the placebo always', () => {
  assert.equal(mechanismFor('virtual.cpu.unavailability', undefined, 'container').name, 'sigkill');
  assert.equal(
    mechanismFor('virtual.cpu.unavailability', 'cgroup-freeze', 'container').name,
    'cgroup-freeze',
  );
  assert.equal(mechanismFor('physical.network.unavailability', 'nft-drop', 'nic').name, 'nft-drop');
  assert.equal(mechanismFor('physical.storage.delay', 'noop', 'disk').name, 'noop');
});

test('what cannot serve is refused with what can', () => {
  const wrong = (message: RegExp) => ({ code: 'INVALID_INPUT', message });
  assert.throws(
    () => mechanismFor('physical.network.unavailability', undefined, 'nic'),
    wrong(/substitute.*nft-drop/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', 'sigkill', 'container'),
    wrong(/these serve it: cpu-quota/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', undefined, 'vm'),
    wrong(/is a vm; cpu-quota reaches container/),
  );
  assert.throws(() => mechanismFor('virtual.cpu.delay', 'nothing', 'vm'), wrong(/no mechanism "nothing"/));
});
