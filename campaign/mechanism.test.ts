import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMechanism, mechanismFor } from './mechanism.ts';

const allowed = { allowSubstitute: true };
const strict = { allowSubstitute: false };

test('a cell is served by its own mechanism, by a substitute only when it is named, by the placebo always', () => {
  assert.equal(mechanismFor('virtual.cpu.unavailability', undefined, 'container', strict).name, 'sigkill');
  assert.equal(
    mechanismFor('virtual.cpu.unavailability', 'cgroup-freeze', 'container', strict).name,
    'cgroup-freeze',
  );
  assert.equal(mechanismFor('physical.network.unavailability', 'nft-drop', 'nic', allowed).name, 'nft-drop');
  assert.equal(mechanismFor('physical.storage.delay', 'noop', 'disk', strict).name, 'noop');
});

test('what cannot serve is refused with what can', () => {
  const wrong = (message: RegExp) => ({ code: 'INVALID_INPUT', message });
  assert.throws(
    () => mechanismFor('physical.network.unavailability', undefined, 'nic', strict),
    wrong(/substitute.*nft-drop/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', 'sigkill', 'container', strict),
    wrong(/these serve it: cpu-quota/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', undefined, 'vm', strict),
    wrong(/is a vm; cpu-quota reaches container/),
  );
  assert.throws(
    () => mechanismFor('virtual.cpu.delay', 'nothing', 'vm', strict),
    wrong(/no mechanism "nothing"/),
  );
});

test('a substitute that was named and not allowed is refused, with why it is one and what would be the real thing', () => {
  const choice = chooseMechanism('physical.network.unavailability', 'nft-drop', 'nic', strict);
  assert.ok('because' in choice);
  assert.equal(choice.wrong, 'mechanism');
  assert.match(choice.because, /"nft-drop", which only stands in/);
  assert.match(choice.because, /the fault model asks for the driver's own transmit function/);
  assert.match(choice.because, /No mechanism of Ordeal does that yet/);
  assert.match(choice.because, /give --allow-substitute$/);
});
