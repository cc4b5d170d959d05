import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  foreignRootAmong,
  handlesFor,
  isOfMechanism,
  isRoot,
  layingOf,
  leafAmong,
  queuesIn,
} from './queue.ts';

const own = handlesFor({ mechanism: 'link-saturate', id: 'web-1' });

/** As tc of iproute2 6.1 says it. */
const shown = JSON.stringify([
  {
    ...{ kind: 'htb', handle: own.root, root: true, refcnt: 3 },
    options: { r2q: 10, default: '0', direct_packets_stat: 2, direct_qlen: 1000 },
    ...{ bytes: 87772, packets: 74, drops: 17, overlimits: 72, requeues: 0, backlog: 0, qlen: 0 },
  },
  {
    ...{ kind: 'tbf', handle: own.leaf, parent: `${own.root}1` },
    options: { rate: 125000, burst: 5120, lat: 368640 },
    ...{ bytes: 87576, packets: 72, drops: 17, overlimits: 181, requeues: 0, backlog: 0, qlen: 0 },
  },
]);
const kernels = queuesIn('[{"kind":"noqueue","handle":"0:","root":true,"refcnt":2,"options":{}}]');
const somebodys = queuesIn('[{"kind":"tbf","handle":"8001:","root":true,"options":{}}]');

test('the handles of an injection are its own, and of one length', () => {
  assert.match(own.root, /^6a[0-9a-f]{2}:$/);
  assert.match(own.leaf, /^6e[0-9a-f]{2}:$/);
  assert.notDeepEqual(handlesFor({ mechanism: 'link-saturate', id: 'web-2' }), own);
});

test('what is steered nowhere takes the direct way, and the leaf hangs at the one class', () => {
  assert.equal(
    layingOf('eth0', { root: '6a01:', leaf: '6e02:' }, { kind: 'tbf', words: 'rate 1mbit' }),
    `qdisc add dev eth0 root handle 6a01: htb default 0
class add dev eth0 parent 6a01: classid 6a01:1 htb rate 100gbit quantum 60000
qdisc add dev eth0 parent 6a01:1 handle 6e02: tbf rate 1mbit
`,
  );
});

test('the own root and leaf are found, and the counters of the leaf', () => {
  const queues = queuesIn(shown);
  assert.deepEqual(
    queues.map((queue) => isRoot(queue, own)),
    [true, false],
  );
  assert.equal(leafAmong(queues, own)?.overlimits, 181);
  assert.equal(leafAmong(queues, { ...own, leaf: '6eff:' }), undefined);
});

test("what is at the root is the kernel's, ours, or somebody else's", () => {
  assert.equal(foreignRootAmong(kernels), undefined);
  assert.equal(foreignRootAmong(somebodys)?.kind, 'tbf');
  assert.ok(somebodys.every((queue) => !isOfMechanism(queue, 'link-saturate')));
  assert.deepEqual(
    queuesIn(shown).map((queue) => isOfMechanism(queue, 'link-saturate')),
    [true, false],
  );
});
