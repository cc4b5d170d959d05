import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cronTimetable } from '../../campaign/schedule/cron.ts';
import { decide, lateAtMostMs } from './due.ts';

const hourly = cronTimetable({ kind: 'cron', expression: '0 * * * *', timezone: 'UTC' });
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const noon = Date.UTC(2026, 10, 21, 12);

describe('what is due', () => {
  test('is nothing before the next instant', () => {
    assert.equal(decide(hourly, noon, noon + hourMs - 1, 'skip'), undefined);
  });

  test('is the instant that has come', () => {
    const decision = { instantMs: noon + hourMs, outcome: 'decided', passed: 0 };
    assert.deepEqual(decide(hourly, noon, noon + hourMs, 'skip'), decision);
    assert.deepEqual(decide(hourly, noon, noon + hourMs + lateAtMostMs, 'skip'), decision);
  });

  test('is missed when nobody looked at the time, and is left out where the schedule says so', () => {
    assert.deepEqual(decide(hourly, noon, noon + 3 * hourMs + minuteMs, 'skip'), {
      instantMs: noon + 3 * hourMs,
      outcome: 'missed',
      passed: 2,
    });
  });

  test('is the last instant, once for all that were missed, where the schedule says so', () => {
    assert.deepEqual(decide(hourly, noon, noon + 3 * hourMs + minuteMs, 'run-once'), {
      instantMs: noon + 3 * hourMs,
      outcome: 'decided',
      passed: 2,
    });
  });

  test('is nothing while a clock that was set back goes again through what has been decided', () => {
    assert.equal(decide(hourly, noon, noon - 5 * hourMs, 'run-once'), undefined);
    assert.equal(decide(hourly, noon, noon, 'run-once'), undefined);
  });

  test('is found quickly and counted to a bound, however many instants a downtime had', () => {
    const everySecond = cronTimetable({ kind: 'cron', expression: '* * * * * *', timezone: 'UTC' });
    const now = noon + 400 * 24 * hourMs;
    assert.deepEqual(decide(everySecond, noon, now, 'skip'), {
      instantMs: now,
      outcome: 'decided',
      passed: 1001,
    });
  });

  test('is each instant at most once and none out of order, however a clock is moved and whenever one looks', () => {
    const steps = fc.array(fc.integer({ min: -3 * hourMs, max: 5 * hourMs }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.constantFrom('skip' as const, 'run-once' as const), (moves, missed) => {
        let [now, through] = [noon, noon];
        const decided: number[] = [];
        for (const move of moves) {
          now += move;
          const decision = decide(hourly, through, now, missed);
          if (decision === undefined) continue;
          through = decision.instantMs;
          decided.push(decision.instantMs);
          assert.ok(decision.instantMs <= now);
          assert.ok(decision.outcome === 'decided' || now - decision.instantMs > lateAtMostMs);
          // Nothing between is forgotten: what is not decided on is counted.
          const before = decided.at(-2) ?? noon;
          assert.equal(decision.passed, (decision.instantMs - before) / hourMs - 1);
        }
        assert.deepEqual(
          decided,
          decided.toSorted((one, other) => one - other),
        );
        assert.equal(new Set(decided).size, decided.length);
      }),
    );
  });
});
