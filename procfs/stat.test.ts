import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStat, readStat } from './stat.ts';

test('a name with blanks and parentheses does not shift the fields', () => {
  const line = `42 (a) R 1 (b) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 10`;
  assert.deepEqual(parseStat(line), {
    isEnded: false,
    parent: 7,
    startTicks: 123456,
    usedTicks: 5 + 6,
    usedByChildrenTicks: 7 + 8,
  });
});

test('the remains of a process are told from one that runs', () => {
  const line = (state: string) =>
    `42 (sh) ${state} 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 10`;
  assert.deepEqual(
    ['S', 'R', 'D', 'Z', 'X'].map((state) => parseStat(line(state))?.isEnded),
    [false, false, false, true, true],
  );
});

test('nothing is said of a process that is not there', async () => {
  assert.equal(parseStat(''), undefined);
  // Above the largest pid that Linux gives.
  assert.equal(await readStat(2 ** 22 + 1), undefined);
});

test('the line of this very process names its parent', async () => {
  assert.equal((await readStat(process.pid))?.parent, process.ppid);
});
