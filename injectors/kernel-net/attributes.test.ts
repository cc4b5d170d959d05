import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf, filterAttributes } from './attributes.ts';
import { kernelNetCorrupt } from './corrupt-descriptor.ts';
import { kernelNetDelay } from './delay-descriptor.ts';
import { kernelNetDuplicate } from './duplicate-descriptor.ts';
import { kernelNetReorder } from './reorder-descriptor.ts';

test('a delay is told to the kernel in microseconds', () => {
  const given = kernelNetDelay.parameters.parse({ delay: '1.5ms', jitter: '250us' });
  assert.deepEqual(attributesOf.delay(given), {
    effect: 'delay',
    delay_us: 1_500,
    jitter_us: 250,
    held_limit: 65_536,
  });
});

test('a reordering names how many overtake, and how long it waits for them', () => {
  const given = kernelNetReorder.parameters.parse({ gap: 5, hold: '20ms', heldLimit: 7 });
  assert.deepEqual(attributesOf.reorder(given), {
    effect: 'reorder',
    gap: 5,
    hold_us: 20_000,
    held_limit: 7,
  });
});

test('a corruption names its bits, where they are, and what the checksums say', () => {
  const given = kernelNetCorrupt.parameters.parse({ bits: 3, part: 'payload', checksum: 'silent' });
  assert.deepEqual(attributesOf.corrupt(given), {
    effect: 'corrupt',
    bits: 3,
    part: 'payload',
    checksum: 'silent',
  });
});

test('a duplication names its copies', () => {
  const given = kernelNetDuplicate.parameters.parse({ copies: 2 });
  assert.deepEqual(attributesOf.duplicate(given), { effect: 'duplicate', copies: 2 });
});

test('a filter is lists of words; what it does not name is any', () => {
  assert.deepEqual(
    filterAttributes({ protocol: 'udp', ports: ['53', '8000-8010'], addresses: ['10.0.0.0/8', 'fd00::/8'] }),
    { protocol: 'udp', ports: '53 8000-8010', addresses: '10.0.0.0/8 fd00::/8' },
  );
  assert.deepEqual(filterAttributes({}), { protocol: 'any', ports: '', addresses: '' });
});

test('a jitter above its delay is refused, and so is a delay beyond the 10 s of the fault model', () => {
  for (const given of [
    { delay: '1ms', jitter: '2ms' },
    { delay: '10.1s' },
    { delay: '0us' },
    { delay: '100' },
  ]) {
    assert.ok(!kernelNetDelay.parameters.safeParse(given).success, JSON.stringify(given));
  }
});
