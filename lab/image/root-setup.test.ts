import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removalOfDetours } from './root-setup.ts';

test('tc and dmsetup are taken out of the image', () => {
  assert.match(removalOfDetours(['nftables']), /sbin\/tc"[^]*sbin\/dmsetup"/);
});

test('who names iproute2 has tc, and still no dmsetup', () => {
  const script = removalOfDetours(['iproute2']);
  assert.doesNotMatch(script, /sbin\/tc"/);
  assert.match(script, /sbin\/dmsetup"/);
});
