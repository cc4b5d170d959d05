import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from '../../events/event.ts';
import { absencesIn } from './absences.ts';

function said(body: EventBody): Event {
  const identity = { producer: 'controller', incarnation: '0a0a0a0a', seq: 0, campaign: 'c1' };
  return { ...identity, trial: 't001', attempt: 1, host: 'controller', wallUs: 0, monoUs: 0, body };
}

const gone = said({ kind: 'host.silent', of: 'nfvi-1', lastHeardUs: 100 });
const crashed = said({
  kind: 'host.returned',
  of: 'nfvi-1',
  lastHeardUs: 100,
  returnedUs: 900,
  crashed: true,
  bootedUs: 500,
});

test('a host that is back in another boot has crashed', () => {
  assert.deepEqual(absencesIn([crashed, gone]), [
    { host: 'nfvi-1', lastHeardUs: 100, fate: 'crashed', bootedUs: 500, returnedUs: 900 },
  ]);
});

test('what became of a host that is not back is unknown, also where it had been away before, or another one is back', () => {
  const again = said({ kind: 'host.silent', of: 'nfvi-1', lastHeardUs: 1_000 });
  const other = said({ kind: 'host.silent', of: 'nfvi-2', lastHeardUs: 100 });
  assert.deepEqual(
    absencesIn([gone, crashed, again, other]).map(({ host, fate }) => [host, fate]),
    [
      ['nfvi-1', 'crashed'],
      ['nfvi-2', 'unknown'],
      ['nfvi-1', 'unknown'],
    ],
  );
});

test('a host that is back in the same boot was silent', () => {
  const body = { of: 'nfvi-1', lastHeardUs: 100, returnedUs: 900, crashed: false } as const;
  assert.deepEqual(absencesIn([gone, said({ kind: 'host.returned', ...body })]), [
    { host: 'nfvi-1', lastHeardUs: 100, fate: 'silent', returnedUs: 900 },
  ]);
});
