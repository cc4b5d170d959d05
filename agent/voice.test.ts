import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicUs } from '../clock/monotonic.ts';
import type { EventBody } from '../events/event.ts';
import { createLog } from '../service/log.ts';
import { Voice } from './voice.ts';

const log = createLog('test', { level: 'silent' });

function said(): { instants: number[]; reporter: Parameters<Voice['speakThrough']>[0] } {
  const instants: number[] = [];
  const reporter = {
    event: (_scope: unknown, _body: unknown, at = { monoUs: Number.NaN }) => {
      instants.push(at.monoUs);
    },
    samples: () => undefined,
    closeAttempt: () => undefined,
  };
  return { instants, reporter };
}

test('what is said before there is a reporter is said by it, in order, with the instant at which it was said', () => {
  const voice = new Voice(log);
  const body: EventBody = { kind: 'host.checked', residue: [] };
  voice.event({}, body, { monoUs: 7 });
  voice.event({}, body);
  const saidByUs = monotonicUs();
  const { instants, reporter } = said();
  voice.speakThrough(reporter);
  voice.event({}, body, { monoUs: 9 });
  assert.equal(instants.length, 3);
  const [first, second = Number.NaN, third] = instants;
  assert.deepEqual([first, third], [7, 9]);
  assert.ok(second <= saidByUs);
});

test('what cannot be said keeps nobody from going on', () => {
  const voice = new Voice(log);
  const { instants, reporter } = said();
  const failing = () => {
    throw new Error('the disk is full');
  };
  voice.speakThrough({ ...reporter, closeAttempt: failing });
  voice.closeAttempt({});
  voice.event({}, { kind: 'host.checked', residue: [] });
  assert.equal(instants.length, 1);
});
