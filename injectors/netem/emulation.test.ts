import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queuesIn } from '../lane/queue.ts';
import { netemCorrupt } from './corrupt-descriptor.ts';
import { netemDelay } from './delay-descriptor.ts';
import { corruptingLeaf, delayingLeaf, longestStayMs, unlikeEmulation } from './emulation.ts';

const delay = netemDelay.parameters.parse({ delay: '100ms', jitter: '20ms' });
const steady = netemDelay.parameters.parse({ delay: '100ms' });
const flip = netemCorrupt.parameters.parse({});
const duplicate = netemCorrupt.parameters.parse({ how: 'duplicate' });

test('a delay is told in microseconds, with its jitter where there is one', () => {
  assert.equal(delayingLeaf(delay).words, 'limit 1000000 delay 100000us 20000us');
  assert.equal(delayingLeaf(steady).words, 'limit 1000000 delay 100000us');
  assert.equal(longestStayMs(delay), 120);
});

test('every packet in the lane is corrupted or sent twice: which ones come into it has been chosen before', () => {
  assert.equal(corruptingLeaf(flip).words, 'limit 1000000 corrupt 100%');
  assert.equal(corruptingLeaf(duplicate).words, 'limit 1000000 duplicate 100%');
});

for (const [claim, words, options, unlike] of [
  [
    'a delay with jitter',
    delayingLeaf(delay).words,
    { limit: 1000000, delay: { delay: 0.1, jitter: 0.02, correlation: 0 }, ecn: false, gap: 0 },
    undefined,
  ],
  [
    'another delay',
    delayingLeaf(delay).words,
    { limit: 1000000, delay: { delay: 0.2, jitter: 0.02, correlation: 0 }, ecn: false, gap: 0 },
    /"delayUs":200000.*not .*"delayUs":100000/,
  ],
  [
    'a flipped bit',
    corruptingLeaf(flip).words,
    { limit: 1000000, corrupt: { corrupt: 1, correlation: 0 }, ecn: false, gap: 0 },
    undefined,
  ],
  [
    'a duplicate',
    corruptingLeaf(duplicate).words,
    { limit: 1000000, duplicate: { duplicate: 1, correlation: 0 }, ecn: false, gap: 0 },
    undefined,
  ],
  ['nothing at all', corruptingLeaf(flip).words, { limit: 1000000, ecn: false, gap: 0 }, /"corrupt":0/],
] as const) {
  test(`${claim}, as Linux 6.1 and iproute2 6.1 say it, is read back`, () => {
    const [queue] = queuesIn(JSON.stringify([{ kind: 'netem', handle: '6e01:', options }]));
    assert.ok(queue);
    const found = unlikeEmulation(words, queue);
    if (unlike === undefined) assert.equal(found, undefined);
    else assert.match(found ?? 'the same', unlike);
  });
}

for (const [descriptor, wrong, message] of [
  [netemDelay, { delay: '0ms' }, /duration from .*1us/],
  [netemDelay, { delay: '11s' }, /duration from .*1us/],
  [netemDelay, { delay: '1ms', jitter: '2ms' }, /more than the delay/],
  [netemCorrupt, { how: 'reorder' }, /Invalid option/],
  [netemCorrupt, { share: '1%' }, /Unrecognized key/],
] as const) {
  test(`${descriptor.name} refuses ${JSON.stringify(wrong)}`, () => {
    assert.match(descriptor.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}
