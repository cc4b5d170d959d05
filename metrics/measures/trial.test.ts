import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isKind, type EventKind } from '../../events/event.ts';
import type { Outcome } from '../../events/sample-columns.ts';
import type { Attempt } from './attempt.ts';
import { load, madeAttempt, madeFault, offsetUs, second, type Made } from './made-attempt.example.ts';
import { measureAttempt } from './trial.ts';

/** Frozen from 116 s to 130 s: refused for 14 s. */
const frozen = (atUs: number): Outcome => (atUs >= 116 * second && atUs < 130 * second ? 'refused' : 'ok');
const all = load(100 * second, 166 * second, 100, frozen);
const made = (more: Partial<Made> = {}): Attempt => madeAttempt({ made: all, ...more });

function without(attempt: Attempt, ...kinds: EventKind[]): Attempt {
  return { ...attempt, events: attempt.events.filter((event) => !kinds.some((kind) => isKind(event, kind))) };
}

test('an attempt is measured on the reference clock, from the real injection to the real revert', () => {
  const { instants, service, verdict, valid, final, activated } = measureAttempt(made());
  assert.deepEqual(instants, {
    startUs: 105 * second + offsetUs,
    injectUs: 115 * second + 3_000 + offsetUs,
    removeUs: 135 * second + 5_000 + offsetUs,
    endUs: 165 * second + offsetUs,
    // 50 us and 100 us for each of the 66 s since the reading, at the last request (65.99 s).
    errorUs: 6_649,
  });
  assert.equal(service?.unavailability.us, 14 * second);
  assert.equal(service.unavailability.requestsLost, 1400);
  assert.equal(service.unavailability.finalRecoveryUs, 15 * second - 3_000);
  assert.deepEqual(service.after.latency, { l50Us: 10_000, l90Us: 10_000 });
  assert.deepEqual(service.during.latency, { l50Us: 'failed', l90Us: 'failed' });
  assert.equal(service.before.throughputPerS, 1001 / 10.003);
  assert.deepEqual(
    { verdict, valid, final, activated },
    { verdict: 'pass', valid: true, final: true, activated: true },
  );
});

test('what an injection did is told: effects, how late it began and ended, what was verified', () => {
  const [facts] = measureAttempt(made()).injections;
  assert.deepEqual(facts, {
    injection: 'made-t001-1-1',
    host: 'host-1',
    mechanism: 'cgroup-freeze',
    oneShot: false,
    effects: 7,
    effectUnit: 'process',
    activated: true,
    activeUs: 115 * second + 3_000 + offsetUs,
    appliedUs: 115 * second + 5_000 + offsetUs,
    revertedUs: 135 * second + 5_000 + offsetUs,
    firstEffectUs: 115 * second + 4_000 + offsetUs,
    lastEffectUs: 135 * second + offsetUs,
    startLateUs: 3_000,
    revertLateUs: 5_000,
    errorUs: 3_551,
    endedBecause: 'deadline',
    hostBootedAnew: false,
    appliedVerified: 'unknown',
    cleanVerified: true,
  });
});

test('each demand that is not met fails the trial, and the reason names both numbers', () => {
  const slo = { l50Us: 9_000, l90Us: 10_000, throughputPerS: 99, unavailabilityUs: 6 * second };
  const { verdict, reasons, judgements } = measureAttempt(made({ slo }));
  assert.equal(verdict, 'fail');
  assert.deepEqual(
    judgements.map(({ measure, verdict }) => [measure, verdict]),
    [
      ['l50', 'fail'],
      ['l90', 'pass'],
      ['throughput', 'pass'],
      ['unavailability', 'fail'],
    ],
  );
  assert.deepEqual(reasons, [
    'L50 is 10ms; at most 9ms is demanded',
    'the unavailability is 14s; at most 6s is demanded',
  ]);
});

test('a fault that touched nothing says nothing: the verdict is unknown, whatever is demanded', () => {
  const { verdict, reasons, activated, valid } = measureAttempt(made({ effects: 0, slo: { l50Us: 1 } }));
  assert.deepEqual({ verdict, activated, valid }, { verdict: 'unknown', activated: false, valid: false });
  assert.deepEqual(reasons, ['the fault was not activated: it touched nothing']);
});

/** The injection was read back as applied: at its start, and at other instants. */
function readBack(attempt: Attempt, ...holds: readonly boolean[]): Attempt {
  const [staged] = attempt.events.filter((event) => isKind(event, 'injection.staged'));
  assert.ok(staged !== undefined && isKind(staged, 'injection.staged'));
  const { injection } = staged.body;
  const said = holds.map((held, index) => {
    const body = { kind: 'injection.verified', injection, expected: 'applied', holds: held } as const;
    return { ...staged, seq: 100 + index, monoUs: staged.monoUs + 2 * second + index * second, body };
  });
  return { ...attempt, events: [...attempt.events, ...said] };
}

test('a counter that was lost is unknown, not zero, also where the fault was read back from the kernel', () => {
  const lost = made({ effects: 'unknown' });
  assert.equal(measureAttempt(lost).activated, 'unknown');
  assert.equal(measureAttempt(lost).verdict, 'unknown');
  assert.equal(measureAttempt(readBack(lost, true)).activated, 'unknown');
});

/** The agent of a later boot found the fault: its monotonic clock had begun anew. */
function crashed(attempt: Attempt): Attempt {
  const events = attempt.events.map((event) =>
    isKind(event, 'injection.reverted')
      ? {
          ...event,
          incarnation: 'ffffffff',
          seq: 0,
          monoUs: 7 * second,
          body: { ...event.body, because: 'recovered' as const },
        }
      : event,
  );
  return { ...attempt, events };
}

test('a host that went down with the fault on it is the effect, though it took the counter along', () => {
  const { activated, injections } = measureAttempt(crashed(made({ effects: 'unknown' })));
  assert.deepEqual([activated, injections[0]?.hostBootedAnew], [true, true]);
});

test('what a host says after it has booted anew is placed by the clock of that boot', () => {
  const attempt = crashed(made({ effects: 'unknown' }));
  const anew = { incarnation: 'ffffffff', boot: '00000002' };
  // It booted 120 s into the trial's first clock: its 0 is the reference clock's 620 s, its 7 s are 627 s.
  const [first] = attempt.events.filter((event) => event.host === 'host-1' && isKind(event, 'clock.read'));
  assert.ok(first);
  const body = { kind: 'clock.read', of: 'host-1', offsetUs: 620 * second, errorUs: 50 } as const;
  const read = { ...first, ...anew, seq: 1, monoUs: 7 * second, wallUs: 127 * second, body };
  const events = attempt.events.map((event) =>
    isKind(event, 'injection.reverted') ? { ...event, ...anew, wallUs: 127 * second } : event,
  );
  const [injection] = measureAttempt({ ...attempt, events: [...events, read] }).injections;
  assert.equal(injection?.revertedUs, 627 * second);
  assert.equal(injection.activeUs, 615 * second + 3_000);
  assert.equal(injection.hostBootedAnew, true);
});

test('an agent that was only started anew on the same boot took nothing along but the counter', () => {
  const attempt = crashed(made({ effects: 'unknown' }));
  const events = attempt.events.map((event) =>
    isKind(event, 'injection.reverted') ? { ...event, monoUs: 125 * second } : event,
  );
  const { activated, reasons } = measureAttempt({ ...attempt, events });
  assert.equal(activated, 'unknown');
  assert.ok(
    reasons.includes(
      'the injection made-t001-1-1 on host-1 was cut short: its agent was started anew and took it away',
    ),
    reasons.join('\n'),
  );
});

function endedBecause(because: 'stopped' | 'deadline' | 'target-gone', oneShot = false): readonly string[] {
  const attempt = made();
  const events = attempt.events.map((event) => {
    if (isKind(event, 'injection.reverted')) return { ...event, body: { ...event.body, because } };
    return isKind(event, 'injection.staged') ? { ...event, body: { ...event.body, oneShot } } : event;
  });
  return measureAttempt({ ...attempt, events }).reasons;
}

test('a fault that ended before its time says nothing about the system; one that is over at once cannot', () => {
  assert.deepEqual(endedBecause('stopped'), [
    'the injection made-t001-1-1 on host-1 was cut short: somebody stopped it',
  ]);
  assert.deepEqual(endedBecause('stopped', true), []);
  assert.deepEqual(endedBecause('deadline'), []);
});

test('a fault that ended with its container, as the campaign has it, was not cut short', () => {
  assert.deepEqual(endedBecause('target-gone'), []);
});

test('a fault that was there at its start and was gone when it was read back again is not the fault that was planned', () => {
  const gone = 'the injection made-t001-1-1 was read back on host-1 and was not there as asked for';
  assert.ok(measureAttempt(readBack(made(), true, false)).reasons.includes(gone));
  assert.ok(measureAttempt(readBack(made(), false, true)).reasons.includes(gone));
  assert.ok(!measureAttempt(readBack(made(), true, true)).reasons.includes(gone));
});

for (const [name, attempt, reason] of [
  ['residue on a host', made({ residue: ['table ordeal'] }), 'residue on host-1: table ordeal'],
  ['an aborted attempt', made({ outcome: 'aborted' }), 'the trial was aborted'],
  ['an attempt without its end', without(made(), 'trial.ended'), 'the trial has not ended'],
  ['no sample', { ...made(), batches: [] }, 'there is no sample'],
  ['a missing batch', { ...made(), batches: made().batches.slice(1) }, '1 message of "tester" is missing'],
  [
    'a host whose clock was never read',
    without(made(), 'clock.read'),
    'the clock of the host that sent the requests was never read',
  ],
  ['a fault that never began', without(made(), 'injection.active'), 'the fault was never active'],
  [
    'a fault whose end nobody saw',
    without(made(), 'injection.reverted'),
    'nothing says when the fault was removed',
  ],
  [
    'a fault that nobody proved gone',
    without(made(), 'injection.verified'),
    'nothing proves that the injection made-t001-1-1 left nothing on host-1',
  ],
  ['no schedule', without(made(), 'trial.scheduled'), 'the trial was never scheduled'],
  ['a workload without its end', without(made(), 'workload.ended'), 'the workload has not ended'],
] as const) {
  test(`the verdict of an attempt with ${name} is unknown, and says so`, () => {
    const { verdict, reasons, valid } = measureAttempt(attempt);
    assert.deepEqual({ verdict, valid }, { verdict: 'unknown', valid: false });
    assert.ok(reasons.includes(reason), reasons.join('\n'));
  });
}

test('a fault on one of two targets is not the fault that was planned', () => {
  const [first] = madeFault.targets;
  assert.ok(first !== undefined);
  const attempt = made();
  const plan = { ...attempt.plan, fault: { ...madeFault, targets: [first, { ...first, host: 'host-2' }] } };
  assert.deepEqual(measureAttempt({ ...attempt, plan }).reasons, [
    'the fault was active on 1 of its 2 targets',
  ]);
});

test('a fault that is over at once is removed after the planned duration', () => {
  const attempt = made();
  const events = attempt.events.map((event) =>
    isKind(event, 'injection.staged') ? { ...event, body: { ...event.body, oneShot: true } } : event,
  );
  const { instants, injections } = measureAttempt({ ...attempt, events });
  assert.equal(instants?.removeUs, 135 * second + 3_000 + offsetUs);
  assert.equal(injections[0]?.revertLateUs, undefined);
});

test('a golden run has the planned instants, is judged alike, and tells of an outage without a fault', () => {
  const { instants, verdict, notes, fault, activated, injections } = measureAttempt(
    made({ golden: true, slo: { unavailabilityUs: second } }),
  );
  assert.equal(instants?.injectUs, 115 * second + offsetUs);
  assert.deepEqual([verdict, fault, activated, injections], ['fail', undefined, undefined, []]);
  assert.deepEqual(notes, ['the service was unavailable without any fault']);
});

test('a service that was not healthy at the start was not made ill by the fault', () => {
  const attempt = made();
  const events = attempt.events.map((event) =>
    isKind(event, 'injection.staged')
      ? {
          ...event,
          monoUs: 100 * second,
          body: { kind: 'service.checked', healthy: false, found: '503' } as const,
        }
      : event,
  );
  assert.ok(
    measureAttempt({ ...attempt, events }).reasons.includes(
      'the service was not healthy before the trial: 503',
    ),
  );
});

test('neither the order of events and batches nor repeating some of them changes anything', () => {
  const attempt = made({ slo: { unavailabilityUs: second } });
  const expected = measureAttempt(attempt);
  const shuffled = <Some>(some: readonly Some[]) =>
    fc
      .tuple(fc.shuffledSubarray([...some], { minLength: some.length }), fc.subarray([...some]))
      .map(([once, again]) => [...once, ...again]);
  fc.assert(
    fc.property(shuffled(attempt.events), shuffled(attempt.batches), (events, batches) => {
      assert.deepEqual(measureAttempt({ ...attempt, events, batches }), expected);
    }),
    { numRuns: 10 },
  );
});

test('one sample that differs changes the digest, the way in which they were cut into batches does not', () => {
  const digest = (requests: typeof all): string =>
    measureAttempt(madeAttempt({ made: requests })).samples.sha256;
  const [first, ...others] = all;
  assert.ok(first !== undefined);
  assert.notEqual(digest(all), digest([{ ...first, latencyUs: first.latencyUs + 1 }, ...others]));
  // An even and an odd number of rows in front are cut at different places.
  const { batches } = made();
  const [one, two] = batches;
  assert.ok(one !== undefined && two !== undefined);
  const swapped = [
    { ...one, columns: two.columns },
    { ...two, columns: one.columns },
  ];
  assert.equal(measureAttempt({ ...made(), batches: swapped }).samples.sha256, digest(all));
});
