import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelsDocument } from './kernels-document.ts';
import { withRun } from './kernels-results.ts';

const ran = { tests: 3, passed: 3, on: '2026-11-21', commit: '544e16446559', seconds: 20 };
const older = { ...ran, release: '6.1.0-56-amd64' };
const newer = { ...ran, release: '6.1.0-157-amd64' };

test('a result that is of an older release than the newest of its kernel says so, the others do not', () => {
  const document = kernelsDocument({ '6.1': { disks: older, smoke: newer } }, ['disks', 'smoke']);
  assert.match(document, /^\| release \|  \| 6\.1\.0-157-amd64 \|/m);
  assert.match(
    document,
    /^\| disks \| not run \| 3 of 3 \(2026-11-21, 544e16446559, 20 s, 6\.1\.0-56-amd64\)/m,
  );
  assert.match(document, /^\| smoke \| not run \| 3 of 3 \(2026-11-21, 544e16446559, 20 s\)/m);
});

test('a run leaves to the other files of its kernel the releases that they ran on', () => {
  const files = ['disks', 'smoke'];
  const results = withRun(
    { '6.1': { disks: older } },
    { kernel: '6.1', file: 'smoke', result: newer },
    files,
  );
  assert.deepEqual(results, { '6.1': { disks: older, smoke: newer } });
});

test('of a file that is not there any more nothing is kept', () => {
  const before = { '6.1': { gone: older } };
  const results = withRun(before, { kernel: '6.1', file: 'smoke', result: newer }, ['smoke']);
  assert.deepEqual(results, { '6.1': { smoke: newer } });
});
