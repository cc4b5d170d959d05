import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { randomTimetable } from './random.ts';
import type { Calendar, Random } from './schedule.ts';
import { instantsAfter } from './timetable.ts';

const hourMs = 3_600_000;
const calendar: Calendar = {
  days: [1, 2, 3, 4, 5],
  fromMs: 9 * hourMs,
  toMs: 15 * hourMs,
  timezone: 'Europe/Berlin',
  except: ['2026-12-25'],
};
const always: Random = { kind: 'random', calendar, probability: 1, seed: 1 };
const sunday = Date.UTC(2026, 10, 22);

function clock(instant: number): { day: string; date: string; hour: number } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Berlin',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const part = (type: string): string =>
    format.formatToParts(instant).find((one) => one.type === type)?.value ?? '';
  return {
    day: part('weekday').replace('.', ''),
    date: `${part('year')}-${part('month')}-${part('day')}`,
    hour: Number(part('hour')) + Number(part('minute')) / 60,
  };
}

describe('a random timetable', () => {
  test('has one instant each working day, within the hours, where the dice always fall well', () => {
    const found = instantsAfter(randomTimetable('a', always), sunday, 30).map(clock);
    assert.equal(new Set(found.map(({ date }) => date)).size, 30);
    assert.ok(found.every(({ day }) => !['Sat', 'Sun'].includes(day)));
    assert.ok(found.every(({ hour }) => hour >= 9 && hour < 15));
    assert.ok(!found.some(({ date }) => date === '2026-12-25'));
    // 30 working days from Monday, 23 November, without Christmas Day.
    assert.equal(found.at(-1)?.date, '2027-01-04');
  });

  test('throws the dice in each stretch of the hours', () => {
    const hourly = { ...always, everyMs: hourMs };
    const found = instantsAfter(randomTimetable('a', hourly), sunday, 6).map(clock);
    assert.deepEqual(
      found.map(({ date, hour }) => [date, Math.floor(hour)]),
      [9, 10, 11, 12, 13, 14].map((hour) => ['2026-11-23', hour]),
    );
  });

  test('happens on as many days as its probability says', () => {
    const timetable = randomTimetable('a', { ...always, probability: 0.2 });
    const [first = 0, last = 0] = [0, 399].map((index) => instantsAfter(timetable, sunday, 400)[index]);
    const workingDays = ((last - first) / (7 * 24 * hourMs)) * 5;
    // 400 of 2000 expected days; four standard deviations of such a wait are 360 days.
    assert.ok(Math.abs(workingDays - 2000) < 360, `400 times in ${workingDays} working days`);
  });

  test('is another one for another name, and for another seed', () => {
    const [one, other, third] = [
      instantsAfter(randomTimetable('a', always), sunday, 5),
      instantsAfter(randomTimetable('b', always), sunday, 5),
      instantsAfter(randomTimetable('a', { ...always, seed: 2 }), sunday, 5),
    ];
    assert.notDeepEqual(one, other);
    assert.notDeepEqual(one, third);
  });

  test('never throws the dice again: whoever asks, and from whenever, the instants are the same', () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
    const everies = fc.constantFrom(undefined, hourMs, 90 * 60_000);
    const probabilities = fc.double({ min: 0.01, max: 1, noNaN: true });
    const asked = fc.integer({ min: 0, max: 60 * 24 * 60 });
    fc.assert(
      fc.property(seeds, names, everies, probabilities, asked, (seed, name, every, probability, minutes) => {
        const random = { ...always, seed, probability, ...(every === undefined ? {} : { everyMs: every }) };
        const all = instantsAfter(randomTimetable(name, random), sunday, 40);
        const from = sunday + minutes * 60_000;
        const later = all.filter((instant) => instant > from);
        assert.deepEqual(instantsAfter(randomTimetable(name, random), from, later.length), later);
        assert.ok(all.every((instant) => instant % 1000 === 0));
      }),
      { numRuns: 100 },
    );
  });

  test('draws from the whole of hours that a change of the clocks makes longer or shorter', () => {
    const night = { ...calendar, days: [0], fromMs: hourMs, toMs: 4 * hourMs };
    const hourly = { ...always, calendar: night, everyMs: hourMs };
    const onThat = (day: number) =>
      instantsAfter(randomTimetable('a', hourly), day, 6)
        .map((instant) => Math.floor((instant - day) / hourMs))
        .filter((hours) => hours < 24);
    // Berlin: from 1:00 to 4:00 are two hours on 29 March 2026, from midnight UTC on, and four on 25 October, from an hour earlier on.
    assert.deepEqual(onThat(Date.UTC(2026, 2, 29)), [0, 1]);
    assert.deepEqual(onThat(Date.UTC(2026, 9, 24, 23)), [0, 1, 2, 3]);
  });
});
