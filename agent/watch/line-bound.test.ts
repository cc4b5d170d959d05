import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineBound } from './line-bound.ts';

const second = 1_000_000;

function taken(bound: LineBound, atUs: number, offered: number, bytes = 100): number {
  return Array.from({ length: offered }, () => bound.takes(atUs, bytes)).filter((taken) => taken).length;
}

test('2 000 lines may come at once, and 500 a second after them', () => {
  const bound = new LineBound(0);
  assert.equal(taken(bound, 0, 5_000), 2_000);
  assert.equal(taken(bound, second, 5_000), 500);
  assert.equal(taken(bound, 1.5 * second, 5_000), 250);
});

test('a pause allows no more at once than the beginning', () => {
  const bound = new LineBound(0);
  assert.equal(taken(bound, 3_600 * second, 5_000), 2_000);
});

test('20 000 lines is all that one watch says', () => {
  const bound = new LineBound(0);
  let sum = 0;
  for (let at = 0; at < 100; at += 1) sum += taken(bound, at * second, 1_000);
  assert.equal(sum, 20_000);
});

test('4 MiB is all that one watch says', () => {
  const bound = new LineBound(0);
  let sum = 0;
  for (let at = 0; at < 100; at += 1) sum += taken(bound, at * second, 1_000, 4_096);
  assert.equal(sum, 1_024);
});
