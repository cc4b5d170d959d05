import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from './block.ts';

const golden = (repetition: number) => ({ repetition });
const faulty = (repetition: number) => ({ repetition, fault: {} });

test('a golden run lies in the block that it runs before, and after all faults in the last', () => {
  const trials = [golden(1), faulty(1), golden(2), faulty(1), golden(3), faulty(2), faulty(2), golden(4)];
  assert.deepEqual(blocksOf(trials), [1, 1, 1, 1, 2, 2, 2, 2]);
});

test('without a fault all golden runs lie in one block', () => {
  assert.deepEqual(blocksOf([golden(1), golden(2)]), [0, 0]);
});
