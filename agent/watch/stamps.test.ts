import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stampsIn } from './stamps.ts';

/** 2026-11-21 08:15:00 UTC */
const atUs = 1_795_248_900_000_000;
const ms = 1_000;

describe('the stamp of a line is found in', () => {
  const forms: readonly (readonly [string, string, number, number])[] = [
    ["HAProxy's iso", '2026-11-21T08:15:00.123456+00:00 Server web/host-1 is DOWN', 123_456, 1],
    ['RFC 5424', '<134>1 2026-11-21T08:15:00.003Z front haproxy 12 - - x', 3 * ms, ms],
    ['ISO 8601 of another zone', '2026-11-21T10:15:00+02:00 x', 0, 1_000_000],
    ['a zone behind a space, as of Go', '2026-11-21 03:15:00.5 -0500 EST x', 500_000, 100_000],
    ['nanoseconds, as of Docker', '2026-11-21T08:15:00.123456789Z x', 123_456, 1],
    ['the fields of a log line', 'level=warn ts=2026-11-21T08:15:00.001Z msg=x', ms, ms],
    ['JSON', '{"time":"2026-11-21T08:15:00Z","msg":"x"}', 0, 1_000_000],
    ["nginx's access log", '10.0.0.1 - - [21/Nov/2026:09:15:00 +0100] "GET / HTTP/1.1" 200', 0, 1_000_000],
    ['seconds since 1970', '1795248900 x', 0, 1_000_000],
    ['seconds since 1970 with a fraction', '[1795248900.250] x', 250_000, ms],
    ['milliseconds since 1970', '1795248900250 x', 250_000, ms],
    ['nanoseconds since 1970', '1795248900250000001 x', 250_000, 1],
  ];
  for (const [what, line, afterUs, resolutionUs] of forms) {
    test(what, () => {
      assert.deepEqual(stampsIn(line, atUs), [{ wallUs: atUs + afterUs, resolutionUs }]);
    });
  }

  const withoutZone: readonly (readonly [string, string, number, number])[] = [
    ["supervisord's", '2026-11-21 08:15:00,123 INFO exited: web', 123 * ms, ms],
    ["nginx's error log", '2026/11/21 08:15:00 [notice] 7#7: exiting', 0, 1_000_000],
    ["HAProxy's accept date", '10.0.0.1:80 [21/Nov/2026:08:15:00.007] service web/host-1', 7 * ms, ms],
    ['RFC 3164', '<30>Nov 21 08:15:00 front supervisord: x', 0, 1_000_000],
    ['RFC 3164 without its priority', 'Nov 21 08:15:00 front supervisord: x', 0, 1_000_000],
    ['asctime', '[Sat Nov 21 08:15:00.500000 2026] [core:error] x', 500_000, 1],
  ];
  for (const [what, line, afterUs, resolutionUs] of withoutZone) {
    test(`${what}, which has no zone: one of what it may mean is UTC`, () => {
      const meant = stampsIn(line, atUs);
      assert.ok(
        meant.some((stamp) => stamp.wallUs === atUs + afterUs && stamp.resolutionUs === resolutionUs),
      );
    });
  }
});

test('a stamp without a zone may be of the zone of the host', (context) => {
  const before = process.env['TZ'];
  context.after(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
  process.env['TZ'] = 'America/New_York';
  const meant = stampsIn('2026-11-21 03:15:00 x', atUs).map(({ wallUs }) => wallUs);
  assert.ok(meant.includes(atUs));
});

test('a stamp without a year is of the year that was or will be, too', () => {
  const newYearUs = Date.UTC(2027, 0, 1) * 1000;
  const meant = stampsIn('Dec 31 23:59:59 host x', newYearUs).map(({ wallUs }) => wallUs);
  assert.ok(meant.includes(newYearUs - 1_000_000));
});

for (const line of [
  'no stamp at all',
  '',
  'pid 1795248900250 ended',
  '17952489001 x',
  '2026-13-21T08:15:00Z x',
  '2026-11-21T25:15:00Z x',
  '[12345.678901] eth0: link is down',
]) {
  test(`no stamp is found in "${line}"`, () => assert.deepEqual(stampsIn(line, atUs), []));
}
