import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queuesIn } from '../lane/queue.ts';
import { leafOf, tooNarrowFor, unlikeBucket } from './bucket.ts';
import { bucketOf, linkSaturate, type Bucket } from './descriptor.ts';

function asked(given: object): Bucket {
  return bucketOf(linkSaturate.parameters.parse(given));
}

test('the kernel is told the bucket in bits, bytes and microseconds', () => {
  const parameters = asked({ rate: '1.5Mbit/s', burst: '16KiB', latency: '50ms' });
  assert.equal(leafOf(parameters).words, 'rate 1500000bit burst 16384b latency 50000us');
});

test('a burst that the largest packet does not fit into is refused', () => {
  // 1500 and Ethernet's header with a VLAN's tag.
  assert.equal(tooNarrowFor(asked({ burst: '1518B' }), 1500), undefined);
  assert.match(tooNarrowFor(asked({ burst: '1517B' }), 1500) ?? '', /would never pass/);
});

test('the rate is read back in bytes a second', () => {
  const [queue] = queuesIn(
    '[{"kind":"tbf","handle":"6e00:","options":{"rate":125000,"burst":5120,"lat":368640}}]',
  );
  assert.ok(queue);
  assert.equal(unlikeBucket(asked({ rate: '1Mbit/s' }), queue), undefined);
  assert.match(unlikeBucket(asked({ rate: '2Mbit/s' }), queue) ?? '', /125000 bytes a second, not 250000/);
});

for (const [wrong, message] of [
  [{ rate: '1mbit' }, /rate from .*8kbit\/s/],
  [{ rate: '7kbit/s' }, /rate from .*8kbit\/s/],
  [{ rate: '101Gbit/s' }, /rate from .*8kbit\/s/],
  [{ burst: '16' }, /size from .*100B/],
  [{ burst: '65MiB' }, /size from .*100B/],
  [{ latency: '11s' }, /duration from .*1ms/],
  [{ direction: 'both' }, /Invalid option/],
  [{ protocol: 'icmp', ports: ['80'] }, /icmp has none/],
] as const) {
  test(`the parameters ${JSON.stringify(wrong)} are refused`, () => {
    assert.match(linkSaturate.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}
