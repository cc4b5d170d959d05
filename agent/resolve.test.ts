import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { FoundResource } from './inventory.ts';
import { resolveTarget } from './resolve.ts';

const nic = { kind: 'nic', host: 'h', bootId: 'b', netns: 1, ifindex: 2 } as const;
const resources: FoundResource[] = [
  { kind: 'nic', name: 'eth0', facts: {}, target: { ...nic, name: 'eth0' } },
  { kind: 'nic', name: 'eth1', facts: {}, target: { ...nic, name: 'eth1' }, protectedBecause: 'it is ours' },
];

function refusal(kind: string, name: string, host = 'h'): { code: string; message: string } {
  try {
    resolveTarget({ host, kind, name }, 'h', resources);
  } catch (error) {
    return OrdealError.from(error);
  }
  return { code: 'none', message: '' };
}

test('a target is found by host, kind and whole name', () => {
  assert.deepEqual(resolveTarget({ host: 'h', kind: 'nic', name: 'eth0' }, 'h', resources), {
    ...nic,
    name: 'eth0',
  });
});

test('what is not there is refused, and the message says what is', () => {
  const absent = refusal('nic', 'eth');
  assert.equal(absent.code, 'NO_TARGET');
  assert.match(absent.message, /has no nic "eth"; there is "eth0", "eth1"$/);
  assert.match(refusal('vm', 'one').message, /it has no vm at all$/);
  assert.equal(refusal('nic', 'eth0', 'other').code, 'NO_TARGET');
  assert.equal(refusal('nic', '').code, 'NO_TARGET');
});

test('what carries Ordeal is refused with the reason', () => {
  assert.deepEqual(
    [refusal('nic', 'eth1').code, /it is ours/.test(refusal('nic', 'eth1').message)],
    ['PROTECTED_TARGET', true],
  );
});
