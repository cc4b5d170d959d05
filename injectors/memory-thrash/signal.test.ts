import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countIn, pathOf, refaultPattern, signalSchema } from './signal.ts';

test('the refaults of v1 are those of the cgroup and all below it, of files and of other memory', () => {
  const text =
    'workingset_refault_anon 1\ntotal_workingset_refault_anon 20\ntotal_workingset_refault_file 300\n';
  assert.equal(countIn(text, refaultPattern[1]), 320);
});

test('the refaults of v2 are added up in the same way', () => {
  const text = 'workingset_refault_anon 1\nworkingset_refault_file 20\nworkingset_activate_file 300\n';
  assert.equal(countIn(text, refaultPattern[2]), 21);
});

test('the pressure is the time in which some task waited', () => {
  const text =
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=45066\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n';
  assert.equal(countIn(text, String.raw`^some .*total=(\d+)`), 45_066);
});

test('the refaults of a host are those of files and of other memory, told apart or not', () => {
  const apart = 'workingset_refault_anon 1\nworkingset_refault_file 20\nworkingset_activate_file 300\n';
  assert.equal(countIn(apart, refaultPattern.host), 21);
  assert.equal(countIn('workingset_refault 22\nworkingset_nodereclaim 4\n', refaultPattern.host), 22);
});

for (const [signal, path] of [
  [{ kind: 'pressure', file: '/proc/pressure/memory', pattern: 'x' }, '/proc/pressure/memory'],
  [
    { kind: 'refaults', directory: '/cg/web', inode: 7, rootInode: 1, file: 'memory.stat', pattern: 'x' },
    '/cg/web/memory.stat',
  ],
] as const)
  test(`a signal in ${path} comes back from the journal as it was, and is read there`, () => {
    const kept = signalSchema.parse(JSON.parse(JSON.stringify(signal)));
    assert.deepEqual(kept, signal);
    assert.equal(pathOf(kept), path);
  });

test('of a host nothing but its pressure is a signal', () => {
  const refaults = { kind: 'refaults', file: '/proc/vmstat', pattern: 'x' };
  assert.equal(signalSchema.safeParse(refaults).success, false);
});
