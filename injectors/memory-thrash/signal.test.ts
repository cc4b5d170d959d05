import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countIn, refaultPattern } from './signal.ts';

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
