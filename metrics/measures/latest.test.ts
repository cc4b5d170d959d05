import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../events/event.ts';
import { earliest, latest } from './latest.ts';

const identity = { producer: 'host-1', incarnation: '0123abcd', seq: 0, host: 'host-1' };

function said(boot: string, wallUs: number, monoUs: number): Event {
  return { ...identity, boot, wallUs, monoUs, body: { kind: 'watch.started', watch: 'journal' } } as Event;
}

// Booted at 1000 s, and again at 5000 s.
const first = [said('00000001', 1_010, 10), said('00000001', 4_000, 3_000)];
const second = [said('00000002', 5_001, 1), said('00000002', 5_900, 900)];

test('what a host says after it has booted anew is later than what it said before, whatever its monotonic clock shows', () => {
  const events = [...second, ...first];
  assert.equal(latest(events)?.wallUs, 5_900);
  assert.equal(earliest(events)?.wallUs, 1_010);
});

test('within a boot the monotonic clock decides, not the wall clock, which may be set', () => {
  const set = said('00000001', 2_000, 3_500);
  assert.equal(latest([set, ...first])?.monoUs, 3_500);
});

test('of none there is none', () => {
  assert.equal(latest<Event>([]), undefined);
});
