import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStanding, readStanding } from './standing.ts';

test('a process is told by what it has, whatever it is called', () => {
  const zeros = '0 '.repeat(20);
  const stat = `7 (a) R (b) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 -100 -20 1 0 9 ${zeros.slice(0, 2 * 17)}99 1 0\n`;
  assert.deepEqual(parseStanding('VmRSS:\t 900 kB\nVmLck:\t    1056 kB\n', '-1000\n', stat), {
    lockedKb: 1056,
    oomScoreAdj: -1000,
    realTimePriority: 99,
    nice: -20,
  });
});

test('a process that is not there stands nowhere, this one somewhere', async () => {
  assert.equal(await readStanding(2 ** 22 + 1), undefined);
  const own = await readStanding(process.pid);
  assert.ok(own !== undefined && Object.values(own).every(Number.isFinite));
});
