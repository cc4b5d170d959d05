import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalEntryIn } from './journal-entry.ts';

const entry = (fields: object): string =>
  JSON.stringify({
    __CURSOR: 's=1',
    __REALTIME_TIMESTAMP: '1795248900123456',
    __MONOTONIC_TIMESTAMP: '98765432',
    SYSLOG_IDENTIFIER: 'systemd',
    MESSAGE: 'docker.service: Main process exited, code=killed, status=9/KILL',
    UNIT: 'docker.service',
    _SYSTEMD_UNIT: 'init.scope',
    ...fields,
  });
const textOf = (line: string): string => Buffer.from(journalEntryIn(line)?.bytes ?? []).toString();

test('an entry says who says it and what, at its instant of the monotonic clock', () => {
  assert.equal(textOf(entry({})), 'systemd: docker.service: Main process exited, code=killed, status=9/KILL');
  assert.equal(journalEntryIn(entry({}))?.monoUs, 98_765_432);
});

test('a message that is not printable comes as bytes', () => {
  assert.equal(textOf(entry({ MESSAGE: [104, 105, 7] })), 'systemd: hi\u0007');
});

test('what has no message is no entry', () => {
  for (const line of [entry({ MESSAGE: null }), entry({ MESSAGE: undefined }), '-- Reboot --', '']) {
    assert.equal(journalEntryIn(line), undefined);
  }
});

test("what Ordeal's units say, and what systemd says of them, is Ordeal's own", () => {
  assert.equal(journalEntryIn(entry({}))?.isOwn, false);
  assert.equal(journalEntryIn(entry({ UNIT: 'ordeal-agent.service' }))?.isOwn, true);
  assert.equal(journalEntryIn(entry({ UNIT: undefined, _SYSTEMD_UNIT: 'ordeal.service' }))?.isOwn, true);
});
