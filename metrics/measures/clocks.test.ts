import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Clocks, HostClock } from './clocks.ts';
import { Speakers } from './made-attempt.example.ts';

test('an instant of a host is one of the reference clock by the offset that was read', () => {
  const clock = new HostClock([{ atUs: 1_000, offsetUs: 500, errorUs: 20 }]);
  assert.deepEqual(clock.toReference(1_000), { atUs: 1_500, errorUs: 20 });
});

test('the error of a reading grows by 100 us in each second from it, in both directions', () => {
  const clock = new HostClock([{ atUs: 10_000_000, offsetUs: 0, errorUs: 20 }]);
  assert.equal(clock.toReference(13_000_000).errorUs, 320);
  assert.equal(clock.toReference(9_000_000).errorUs, 120);
});

test('the reading with the least error at the instant is used: a precise old one before a vague new one, until it has aged', () => {
  const clock = new HostClock([
    { atUs: 0, offsetUs: 1, errorUs: 100 },
    { atUs: 10_000_000, offsetUs: 2, errorUs: 600 },
  ]);
  // At 7.5 s both are at 850 us: 100 + 750, and 600 + 250.
  assert.deepEqual(clock.toReference(7_000_000), { atUs: 7_000_001, errorUs: 800 });
  assert.deepEqual(clock.toReference(8_000_000), { atUs: 8_000_002, errorUs: 800 });
});

test('whichever readings there are, the one that is used has the least error', () => {
  const reading = fc.record({
    atUs: fc.integer({ min: 0, max: 100_000_000 }),
    offsetUs: fc.integer({ min: -1_000, max: 1_000 }),
    errorUs: fc.integer({ min: 0, max: 5_000 }),
  });
  const at = fc.integer({ min: 0, max: 100_000_000 });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 20 }), at, (readings, hostUs) => {
      const least = Math.min(...readings.map((one) => one.errorUs + Math.abs(hostUs - one.atUs) * 100e-6));
      assert.equal(new HostClock(readings).toReference(hostUs).errorUs, Math.ceil(least));
    }),
  );
});

test('a clock that was never read is not guessed', () => {
  const speakers = new Speakers();
  speakers.say('host-1', 5, { kind: 'clock.read', of: 'host-1', offsetUs: 7, errorUs: 1 });
  const clocks = new Clocks(speakers.events);
  assert.equal(clocks.of({ host: 'host-1' })?.toReference(5).atUs, 12);
  assert.equal(clocks.of({ host: 'host-2' }), undefined);
});

test('what one host says of the clock of another is not believed', () => {
  const speakers = new Speakers();
  speakers.say('host-1', 5, { kind: 'clock.read', of: 'host-2', offsetUs: 7, errorUs: 0 });
  speakers.say('host-2', 5, { kind: 'clock.read', of: 'host-2', offsetUs: 9, errorUs: 1 });
  assert.equal(new Clocks(speakers.events).of({ host: 'host-2' })?.toReference(5).atUs, 14);
});

test('the instants of two boots of a host are each read by the clock of their own boot', () => {
  const speakers = new Speakers();
  speakers.say('host-1', 900, { kind: 'clock.read', of: 'host-1', offsetUs: 100, errorUs: 1 }, '00000001');
  speakers.say('host-1', 5, { kind: 'clock.read', of: 'host-1', offsetUs: 2_000, errorUs: 1 }, '00000002');
  const clocks = new Clocks(speakers.events);
  assert.equal(clocks.of({ host: 'host-1', boot: '00000001' })?.toReference(950).atUs, 1_050);
  assert.equal(clocks.of({ host: 'host-1', boot: '00000002' })?.toReference(950).atUs, 2_950);
  assert.equal(clocks.of({ host: 'host-1', boot: '00000003' }), undefined);
});
