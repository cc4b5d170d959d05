import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cronTimetable } from './cron.ts';
import { instantsAfter } from './timetable.ts';

const berlin = 'Europe/Berlin';

function next(expression: string, after: string, count: number, timezone = berlin): string[] {
  const timetable = cronTimetable({ kind: 'cron', expression, timezone });
  return instantsAfter(timetable, Date.parse(after), count).map((ms) =>
    new Date(ms).toISOString().replace(':00.000Z', 'Z'),
  );
}

describe('a cron timetable', () => {
  test('is read in its own time zone', () => {
    // A Friday; Berlin is an hour ahead of UTC in winter.
    assert.deepEqual(next('0 3 * * 1-5', '2026-11-20T12:00:00Z', 2), [
      '2026-11-23T02:00Z',
      '2026-11-24T02:00Z',
    ]);
    assert.deepEqual(next('0 3 * * 1-5', '2026-11-20T12:00:00Z', 1, 'UTC'), ['2026-11-23T03:00Z']);
    assert.deepEqual(next('30 8 * * *', '2026-11-20T12:00:00Z', 1, 'Asia/Kathmandu'), ['2026-11-21T02:45Z']);
  });

  test('does not hold the instant that it is asked from, however it is cut', () => {
    const at = '2026-11-23T02:00:00Z';
    assert.deepEqual(next('0 3 * * *', at, 1), ['2026-11-24T02:00Z']);
    assert.deepEqual(next('0 3 * * *', '2026-11-23T01:59:59.999Z', 1), ['2026-11-23T02:00Z']);
  });

  test('goes through the hours and minutes of a list in their order, in whichever they are named', () => {
    assert.deepEqual(next('30,0 22,6,22 * * *', '2026-11-23T00:00:00Z', 5, 'UTC'), [
      '2026-11-23T06:00Z',
      '2026-11-23T06:30Z',
      '2026-11-23T22:00Z',
      '2026-11-23T22:30Z',
      '2026-11-24T06:00Z',
    ]);
  });

  test('knows seconds, where there are six fields', () => {
    const timetable = cronTimetable({ kind: 'cron', expression: '*/20 59 23 31 12 *', timezone: 'UTC' });
    const found = instantsAfter(timetable, Date.UTC(2026, 11, 31, 23, 59, 0), 3);
    assert.deepEqual(
      found.map((ms) => new Date(ms).toISOString()),
      ['2026-12-31T23:59:20.000Z', '2026-12-31T23:59:40.000Z', '2027-12-31T23:59:00.000Z'],
    );
  });

  test('asks for the day of the month and that of the week together', () => {
    // 13 November 2026 is a Friday, and so is none of the next months until August 2027.
    assert.deepEqual(next('0 0 13 * 5', '2026-10-14T00:00:00Z', 2, 'UTC'), [
      '2026-11-13T00:00Z',
      '2027-08-13T00:00Z',
    ]);
  });

  test('reaches a February 29 on a Monday', () => {
    assert.deepEqual(next('0 0 29 2 1', '2026-01-01T00:00:00Z', 1, 'UTC'), ['2044-02-29T00:00Z']);
  });

  test('has no instant at an hour that the clocks jump over', () => {
    // 29 March 2026: at 2:00 in Berlin (1:00 UTC) it is 3:00.
    assert.deepEqual(next('30 2 * * *', '2026-03-27T12:00:00Z', 2), [
      '2026-03-28T01:30Z',
      '2026-03-30T00:30Z',
    ]);
  });

  test('has one instant, the first, at an hour that the clocks go through twice, where it names that hour', () => {
    // 25 October 2026: at 3:00 in Berlin (1:00 UTC) it is 2:00 again.
    assert.deepEqual(next('30 2 * * *', '2026-10-24T12:00:00Z', 2), [
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  test('goes on evenly over both kinds of change, where it names no hour', () => {
    assert.deepEqual(next('0 * * * *', '2026-10-24T22:30:00Z', 4), [
      '2026-10-24T23:00Z',
      '2026-10-25T00:00Z',
      '2026-10-25T01:00Z',
      '2026-10-25T02:00Z',
    ]);
    assert.deepEqual(next('*/30 * * * *', '2026-03-29T00:10:00Z', 3), [
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
    ]);
    // From within the first pass.
    assert.deepEqual(next('*/20 * * * *', '2026-10-25T00:30:00Z', 3), [
      '2026-10-25T00:40Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:20Z',
    ]);
  });

  test('gives the same instants, in the same order, wherever one begins to ask', () => {
    const field = (least: number, most: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 15 }).map((step) => `*/${step}`),
      );
    const expressions = fc.tuple(field(0, 59), field(0, 23), fc.constant('*'), fc.constant('*'), field(0, 6));
    const changes = fc.constantFrom(Date.UTC(2026, 2, 28), Date.UTC(2026, 9, 24), Date.UTC(2026, 5, 1));
    fc.assert(
      fc.property(expressions, changes, fc.integer({ min: 0, max: 9 }), (fields, begin, skip) => {
        const timetable = cronTimetable({ kind: 'cron', expression: fields.join(' '), timezone: berlin });
        const all = instantsAfter(timetable, begin, 30);
        const rising = all.every((instant, index) => index === 0 || instant > (all[index - 1] ?? 0));
        assert.ok(rising);
        assert.deepEqual(instantsAfter(timetable, all[skip] ?? 0, 29 - skip), all.slice(skip + 1));
      }),
      { numRuns: 60 },
    );
  });
});
