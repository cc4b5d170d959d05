import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStatus } from './status.ts';

/** As core/attributes.c prints it, with lines of a kind behind it. */
const ended = `phase: ended
reason: deadline
start_ns: 9007199254740993000
deadline_ns: 9007199259740993000
lease_ns: 0
opened_ns: 9007199254740993411
closed_ns: 9007199259740993007
released_ns: 9007199259741000000
seed: 18446744073709551615
mode: share 300000000
seen: 1001
effects: 304
first_effect_ns: 9007199254741000001
last_effect_ns: 9007199259740000002
device: eth1
held: 0
`;

test('every line that a fault tells is read, and no instant loses its last digits', () => {
  const { lines, ...known } = parseStatus(ended);
  assert.deepEqual(known, {
    phase: 'ended',
    reason: 'deadline',
    openedNs: 9007199254740993411n,
    closedNs: 9007199259740993007n,
    seen: 1001,
    effects: 304,
    firstEffectNs: 9007199254741000001n,
    lastEffectNs: 9007199259740000002n,
  });
  assert.equal(lines.device, 'eth1');
  assert.equal(lines.mode, 'share 300000000');
  assert.equal(lines.seed, '18446744073709551615');
});

test('what has not been has no instant, and what has no reason has an empty one', () => {
  const idle = ended.replaceAll(/(\w+_ns): \d+/g, '$1: 0').replace('reason: deadline', 'reason: ');
  const { reason, openedNs, closedNs, firstEffectNs, lastEffectNs } = parseStatus(idle);
  assert.equal(reason, '');
  assert.deepEqual(
    [openedNs, closedNs, firstEffectNs, lastEffectNs],
    [undefined, undefined, undefined, undefined],
  );
});

for (const name of ['phase', 'effects', 'closed_ns', 'last_effect_ns']) {
  test(`a status without the line ${name} is not believed`, () => {
    assert.throws(() => parseStatus(ended.replace(new RegExp(`^${name}:.*\n`, 'm'), '')));
  });
}

test('a phase that this version does not know is not believed', () => {
  assert.throws(() => parseStatus(ended.replace('ended', 'paused')));
});
