import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Outcome } from '../../events/sample-columns.ts';
import { asRequests, load, second, type MadeRequest } from './made-attempt.example.ts';
import type { Instants, Unavailability } from './measures.ts';
import { unavailability } from './unavailability.ts';

const reference = { windowUs: second, errorRate: 0.05 };

function instants(injectUs: number, endUs: number): Instants {
  return { startUs: 0, injectUs, removeUs: injectUs, endUs, errorUs: 0 };
}

/** 301 s of 100 requests a second, the fault at 60 s, the end at 300 s. */
function thesisTrial(failed: (atUs: number) => Outcome): Unavailability {
  const requests = asRequests(load(0, 301 * second, 100, failed));
  return unavailability(requests, instants(60 * second, 300 * second), reference);
}

const between = (atUs: number, from: number, to: number): boolean =>
  atUs >= from * second && atUs < to * second;

test('a hole of 12.3 s in a trial of 300 s is an unavailability of 12.3 s', () => {
  const found = thesisTrial((atUs) => (between(atUs, 62, 74.3) ? 'timeout' : 'ok'));
  assert.deepEqual(
    { ...found, sensitivity: found.sensitivity.map(({ us }) => us) },
    {
      us: 12_300_000,
      recovered: true,
      unknownUs: 0,
      outages: [{ fromUs: 62_000_000, toUs: 74_300_000, requestsLost: 1230 }],
      longestUs: 12_300_000,
      requestsLost: 1230,
      resolutionUs: 10_000,
      finalRecoveryUs: 14_300_000,
      sensitivity: [12_300_000, 12_300_000, 12_300_000, 12_300_000],
    },
  );
});

test('without a failure there is none', () => {
  const found = thesisTrial(() => 'ok');
  assert.deepEqual([found.us, found.recovered, found.finalRecoveryUs], [0, true, 0]);
});

test('5 of 100 failed in a window are no outage, 6 are', () => {
  const failing = (count: number) =>
    thesisTrial((atUs) => (between(atUs, 70, 70 + count / 100) ? 'error' : 'ok'));
  assert.equal(failing(5).us, 0);
  assert.equal(failing(6).us, 60_000);
});

test('the healthy time between two outages does not count', () => {
  const found = thesisTrial((atUs) => (between(atUs, 65, 67) || between(atUs, 80, 83) ? 'refused' : 'ok'));
  assert.equal(found.us, 5_000_000);
  assert.equal(found.outages.length, 2);
  assert.equal(found.longestUs, 3_000_000);
  assert.equal(found.finalRecoveryUs, 23_000_000);
});

test('an outage that is open at the end is not recovered, and has accumulated until there', () => {
  const found = thesisTrial((atUs) => (atUs >= 200 * second ? 'timeout' : 'ok'));
  assert.deepEqual([found.us, found.recovered, found.finalRecoveryUs], [100_000_000, false, 'never']);
});

test('a service of which every second request fails until the end has not recovered, although the last but one was answered', () => {
  const found = thesisTrial((atUs) => (atUs >= 200 * second && (atUs / 10_000) % 2 === 0 ? 'error' : 'ok'));
  assert.equal(found.recovered, false);
});

test('what was sent beyond the end shows that an outage was over by then', () => {
  const found = thesisTrial((atUs) => (between(atUs, 290, 299.8) ? 'error' : 'ok'));
  assert.deepEqual([found.us, found.recovered], [9_800_000, true]);
});

test('one failed request at the very end of the load is no outage', () => {
  const found = thesisTrial((atUs) => (atUs === 299_990_000 || atUs === 300_990_000 ? 'error' : 'ok'));
  assert.deepEqual([found.us, found.recovered], [0, true]);
});

test('an outage counts from the injection on, also where requests from before it fail', () => {
  const found = thesisTrial((atUs) => (between(atUs, 59.5, 61) ? 'timeout' : 'ok'));
  assert.deepEqual(found.outages, [{ fromUs: 60_000_000, toUs: 61_000_000, requestsLost: 100 }]);
});

test('an outage that was over before the injection is not counted', () => {
  assert.equal(thesisTrial((atUs) => (between(atUs, 50, 59.9) ? 'timeout' : 'ok')).us, 0);
});

test('a window without a send is unknown: it is counted apart, and does not end an outage', () => {
  const silent = load(0, 31 * second, 100, (atUs) => (between(atUs, 10, 20) ? 'error' : 'ok')).filter(
    ({ intendedUs }) => !between(intendedUs, 12, 18),
  );
  const found = unavailability(asRequests(silent), instants(5 * second, 30 * second), reference);
  assert.deepEqual(found.outages, [{ fromUs: 10_000_000, toUs: 20_000_000, requestsLost: 400 }]);
  // The last send before the silence is at 11.99 s, so that the window is empty from 12.99 s on.
  assert.equal(found.unknownUs, 5_010_000);
  assert.equal(found.resolutionUs, 6_010_000);
});

test('a load that stops leaves the rest unknown', () => {
  const found = unavailability(
    asRequests(load(0, 20 * second, 10)),
    instants(5 * second, 30 * second),
    reference,
  );
  assert.deepEqual([found.us, found.unknownUs], [0, 9_100_000]);
});

test('the answer is also given with the window and the rate halved and doubled', () => {
  // 4 of 100 fail in every second from 70 s to 80 s, spread evenly: 4%.
  const found = thesisTrial((atUs) => (between(atUs, 70, 80) && (atUs / 10_000) % 25 === 0 ? 'error' : 'ok'));
  assert.equal(found.us, 0);
  assert.deepEqual(
    found.sensitivity.map(({ windowUs, errorRate, us }) => [windowUs, errorRate, us]),
    [
      [500_000, 0.05, 0],
      [1_000_000, 0.025, 9_760_000],
      [2_000_000, 0.05, 0],
      [1_000_000, 0.1, 0],
    ],
  );
});

const anyOutcome = fc.constantFrom<Outcome[]>('ok', 'ok', 'ok', 'timeout', 'error');
const anyRequests = fc.array(
  fc.record({
    intendedUs: fc.integer({ min: 0, max: 20 * second }),
    outcome: anyOutcome,
    latencyUs: fc.constant(1),
  }),
  { maxLength: 80 },
);
const inOrder = (made: readonly MadeRequest[]): MadeRequest[] =>
  made.toSorted((a, b) => a.intendedUs - b.intendedUs);
const measured = (made: readonly MadeRequest[]): Unavailability =>
  unavailability(asRequests(inOrder(made)), instants(4 * second, 16 * second), reference);

test('it is never longer than from the injection to the end, and its outages do not overlap', () => {
  fc.assert(
    fc.property(anyRequests, (made) => {
      const { us, outages, longestUs } = measured(made);
      assert.ok(us >= 0 && us <= 12 * second && longestUs <= us);
      for (const [index, outage] of outages.entries()) {
        assert.ok(outage.fromUs < outage.toUs);
        assert.ok((outages[index - 1]?.toUs ?? 0) <= outage.fromUs);
      }
    }),
  );
});

test('one more failed request never makes it shorter, nor fewer requests lost, nor a service recover', () => {
  fc.assert(
    fc.property(anyRequests, fc.integer({ min: 0, max: 20 * second }), (made, intendedUs) => {
      const less = measured(made);
      const more = measured([...made, { intendedUs, outcome: 'error', latencyUs: 1 }]);
      assert.ok(more.requestsLost >= less.requestsLost);
      // One that is sent where nothing was sent may begin a new outage; none becomes shorter.
      assert.ok(more.us >= less.us);
      assert.ok(less.recovered || !more.recovered);
    }),
    { numRuns: 500 },
  );
});

test('without a failed request it is zero, and where every request failed it reaches from the first one to the end', () => {
  fc.assert(
    fc.property(anyRequests, (made) => {
      assert.equal(measured(made.map((request) => ({ ...request, outcome: 'ok' }))).us, 0);
      const failed = inOrder(made.map((request) => ({ ...request, outcome: 'error' })));
      const first = failed[0]?.intendedUs ?? Infinity;
      assert.equal(measured(failed).us, Math.max(0, 16 * second - Math.max(first, 4 * second)));
    }),
  );
});
