import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tapIn } from './tap.ts';

test('a descriptor of a tap tells which one it is', () => {
  const text = 'pos:\t0\nflags:\t02104002\nmnt_id:\t24\nino:\t131\niff:\ttap0\n';
  assert.equal(tapIn(text), 'tap0');
});

test('one that is attached to none tells of none, and neither does another file', () => {
  assert.equal(tapIn('pos:\t0\nflags:\t02104002\nmnt_id:\t24\nino:\t131\niff:\t\n'), undefined);
  assert.equal(tapIn('pos:\t0\nflags:\t02\nmnt_id:\t24\nino:\t7\n'), undefined);
});
