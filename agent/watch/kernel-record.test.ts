import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnLine, kernelRecordIn } from './kernel-record.ts';

test('a record has its number, its stamp and its text, without the properties below it', () => {
  const record =
    '4,1234,987654321,-;e1000e 0000:00:19.0 eth0: NIC Link is Down\n SUBSYSTEM=pci\n DEVICE=+pci\n';
  assert.deepEqual(kernelRecordIn(Buffer.from(record)), {
    sequence: 1234,
    stampUs: 987_654_321,
    text: 'e1000e 0000:00:19.0 eth0: NIC Link is Down',
  });
});

test('a text may hold the signs that part the fields', () => {
  assert.equal(kernelRecordIn(Buffer.from('6,1,2,-,caller=T1;a;b,c\n'))?.text, 'a;b,c');
});

test('what is no record is none', () => {
  assert.equal(kernelRecordIn(Buffer.from('Linux version 6')), undefined);
});

test("lines that begin with the name of a part of Ordeal are Ordeal's own", () => {
  assert.ok(isOwnLine('ordeal_net: loading out-of-tree module taints kernel.'));
  assert.ok(isOwnLine('ordeal: a watch of this log begins (0123abcd)'));
});

test('a line about what runs in a cgroup of the embedded target is not', () => {
  assert.ok(
    !isOwnLine('oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/ordeal-embedded/host-1/web,task=nginx'),
  );
});
