import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Definition } from '../../campaign/definition.ts';
import type { Outcome } from '../../events/sample-columns.ts';
import type { FaultResponse, TrialInfrastructure } from './infrastructure-measures.ts';
import { load, madeAttempt, offsetUs, second, type Made, type Speakers } from './made-attempt.example.ts';
import type { TrialMeasures } from './measures.ts';
import { measureAttempt } from './trial.ts';

// The fault is on host-1/container/web: active at 115.003 s, its first effect at 115.004 s, off at 135.005 s; the trial ends at 165 s.
// The clock of host-1 was read at 100 s to within 50 us; its error grows by 100 us a second.

const definition: Partial<Definition> = {
  rules: [
    rule('down', 'detection', 'management', 'haproxy', 'Server web/(?<component>\\S+) is DOWN'),
    rule('up', 'recovery-done', 'management', 'haproxy', 'Server web/(?<component>\\S+) is UP'),
    rule('restarting', 'recovery-begun', 'node', 'supervisor', '^restarting'),
    rule('anything of modules', 'detection', 'node', 'supervisor', 'taints'),
  ],
  components: {
    'web-1': 'host-1/container/web',
    'web-2': 'host-2/container/web',
    'db-1': 'host-1/container/db',
  },
};

function rule(
  name: string,
  means: Definition['rules'][number]['means'],
  by: 'node' | 'management',
  source: string,
  pattern: string,
): Definition['rules'][number] {
  return { name, means, by, source, pattern };
}

interface Line {
  readonly atS: number;
  readonly text: string;
  readonly watch?: string;
  readonly resolutionS?: number;
  readonly readS?: number;
  readonly stamped?: boolean;
}

interface Watched extends Partial<Made> {
  readonly dropped?: number;
  readonly failed?: string;
  readonly watches?: readonly string[];
  readonly open?: boolean;
  readonly startedS?: number;
  readonly endedS?: number;
  readonly others?: Made['beside'];
}

const isAmid = (atUs: number): boolean => atUs >= 115 * second && atUs < 135 * second;
const down = (atS: number, server = 'web-1'): Line => ({ atS, text: `Server web/${server} is DOWN` });
const up = (atS: number, server = 'web-1'): Line => ({ atS, text: `Server web/${server} is UP` });
const restarting = (atS: number): Line => ({ atS, text: 'restarting nginx', watch: 'supervisor' });

/** The service is away from 116 s until so many seconds. */
function awayUntil(untilS: number): Made['made'] {
  const failed = (atUs: number): Outcome =>
    atUs >= 116 * second && atUs < untilS * second ? 'refused' : 'ok';
  return load(100 * second, 166 * second, 50, failed);
}

function measured(lines: readonly Line[], more: Watched = {}): TrialMeasures {
  const { dropped = 0, failed, watches = ['haproxy', 'supervisor'], open = false, ...rest } = more;
  const { startedS = 100, endedS = 166, others, ...made } = rest;
  const beside = (speakers: Speakers): void => {
    for (const watch of watches)
      speakers.say('host-1', startedS * second, { kind: 'watch.started', watch, of: 'log' });
    for (const { atS, text, watch = 'haproxy', resolutionS = 0, readS = atS + 2, stamped = true } of lines) {
      speakers.say('host-1', atS * second, {
        kind: 'watch.line',
        watch,
        text,
        stamped,
        resolutionUs: resolutionS * second,
        readUs: readS * second,
      });
    }
    for (const watch of open ? [] : watches) {
      const failure = failed === undefined ? {} : { failed };
      const own = lines.filter((line) => (line.watch ?? 'haproxy') === watch).length;
      speakers.say('host-1', endedS * second, {
        kind: 'watch.ended',
        watch,
        lines: own,
        dropped,
        ...failure,
      });
    }
    others?.(speakers);
  };
  return measureAttempt(madeAttempt({ made: awayUntil(119), definition, beside, ...made }));
}

const said = (...given: Parameters<typeof measured>): TrialInfrastructure =>
  measured(...given).infrastructure;

function response(...given: Parameters<typeof measured>): FaultResponse {
  const found = said(...given).response;
  assert.ok(found !== undefined);
  return found;
}

test('a repair that the node began after the detection and that was done while the fault was there is a recovery by the node', () => {
  const found = response([down(117), restarting(118), up(119.5)]);
  assert.deepEqual(
    [found.detected, found.repaired, found.inTime, found.restored, found.recovered, found.by],
    [true, true, true, true, true, 'node'],
  );
  assert.equal(found.healedOnRemoval, false);
  // 50 us + 100 us for each of 17 s; the injection is known to within 3551 us.
  assert.equal(found.detection?.atUs, 117 * second + offsetUs);
  assert.equal(found.detection.errorUs, 1_750);
  assert.deepEqual(found.latencyFromInjection, { us: 1_997_000, errorUs: 5_301, isBound: false });
  assert.deepEqual(found.latencyFromEffect, { us: 1_996_000, errorUs: 5_301, isBound: false });
  assert.deepEqual(found.recoveryLatency, { us: 2_500_000, errorUs: 1_750 + 2_000, isBound: false });
});

test('without a word that a repair began, whoever says that it is done repaired', () => {
  assert.equal(response([down(117), up(119.5)]).by, 'management');
});

test('what came back when the fault was removed, and nobody had repaired anything, was healed on removal', () => {
  const found = response([down(117), up(136)], { made: awayUntil(136) });
  assert.deepEqual(
    [found.detected, found.repaired, found.recovered, found.healedOnRemoval, found.recoveryLatency],
    [true, false, false, true, undefined],
  );
});

test('a service that came back after the removal was healed on it, also where no line says that it is back', () => {
  assert.equal(response([down(117)], { made: awayUntil(136) }).healedOnRemoval, true);
  assert.equal(response([], { made: awayUntil(136) }).healedOnRemoval, true);
  assert.equal(response([down(117)], { made: awayUntil(130) }).healedOnRemoval, false);
});

test('a repair that was done after the removal counts where it had begun after the detection', () => {
  const found = response([down(117), restarting(118), up(136)], { made: awayUntil(136) });
  assert.deepEqual([found.repaired, found.recovered, found.healedOnRemoval], [true, true, false]);
  assert.equal(found.recoveryLatency?.us, 19 * second);
});

test('a repair that had begun before the detection was not triggered by it', () => {
  const found = response([restarting(116), down(117), up(136)], { made: awayUntil(136) });
  assert.deepEqual([found.repaired, found.healedOnRemoval], [false, true]);
});

test('a fault that is over at once cannot be healed by its removal: who came back was repaired', () => {
  const found = response([down(117), up(136)], { made: awayUntil(136), oneShot: true });
  assert.deepEqual([found.repaired, found.healedOnRemoval], [true, false]);
});

test('a repair that took longer than the campaign allows is on record and no recovery', () => {
  const found = response([down(117), up(119.5)], {
    definition: { ...definition, recoveryWithinUs: 2 * second },
  });
  assert.deepEqual([found.repaired, found.inTime, found.recovered], [true, false, false]);
});

test('a repair whose time is within its error of the limit may have been in time or not', () => {
  const at = (recoveryWithinUs: number): unknown =>
    response([down(117), up(119.5)], { definition: { ...definition, recoveryWithinUs } }).inTime;
  assert.deepEqual([2_496_249, 2_496_250, 2_503_749, 2_503_750].map(at), [false, 'unknown', 'unknown', true]);
});

test('a repair after which the service is not what it was is on record and no recovery', () => {
  const found = response([down(117), up(119.5)], { made: awayUntil(130) });
  assert.deepEqual([found.repaired, found.restored, found.recovered], [true, false, false]);
});

test('of several repairs the first after which the service is what it was is the one that ends the recovery', () => {
  const lines = [down(117), restarting(118), up(119.5), up(130)];
  const found = response(lines, { made: awayUntil(130) });
  assert.deepEqual([found.recovered, found.by, found.done?.atUs], [true, 'node', 130 * second + offsetUs]);
  assert.equal(found.recoveryLatency?.us, 13 * second);
});

test('a repair after which hardly anything was sent came to nobody knows what', () => {
  const { response: found, unknownBecause } = said([down(117), restarting(118), up(164.9)], {
    definition: { ...definition, recoveryWithinUs: 60 * second },
  });
  assert.deepEqual([found?.repaired, found?.restored, found?.recovered], [true, 'unknown', 'unknown']);
  assert.deepEqual(unknownBecause, [
    'too little was sent after the repair to know what the service was then like',
  ]);
});

test('a fault that nothing tells of was not detected, and was felt where there was an outage', () => {
  const found = response([]);
  assert.deepEqual([found.detected, found.harmed, found.recovered], [false, true, false]);
  assert.equal(response([], { made: load(100 * second, 166 * second, 50) }).harmed, false);
});

test('a fault that only slowed the service while it was there was felt', () => {
  const made = load(100 * second, 166 * second, 50).map((request) =>
    isAmid(request.intendedUs) ? { ...request, latencyUs: 100_000 } : request,
  );
  assert.equal(response([], { made }).harmed, true);
});

test('a fault by which one answer was wrong was felt, and not one before which answers were wrong already', () => {
  const wrongAt = (...instantsS: number[]): Made['made'] =>
    load(100 * second, 166 * second, 50, (atUs) => (instantsS.includes(atUs / second) ? 'wrong' : 'ok'));
  assert.equal(response([], { made: wrongAt(120) }).harmed, true);
  assert.equal(response([], { made: wrongAt(110, 120) }).harmed, 'unknown');
});

test('what was said before the injection is a false positive, and no detection', () => {
  const { response: found, falsePositives } = said([down(114)]);
  assert.equal(found?.detected, false);
  assert.deepEqual(
    falsePositives.map(({ rule, text }) => [rule, text]),
    [['down', 'Server web/web-1 is DOWN']],
  );
});

test('a golden run has nothing to detect: whatever is detected is a false positive', () => {
  const { response: found, falsePositives } = said([down(117)], { golden: true });
  assert.deepEqual([found, falsePositives.length], [undefined, 1]);
});

test('a fault that touched nothing is detected by nobody', () => {
  const { response: found, falsePositives } = said([down(117)], { effects: 0 });
  assert.deepEqual([found?.detected, falsePositives.length], [false, 1]);
});

test('arming a fault that touches nothing, on a host where all is well, detects nothing', () => {
  const lines = [
    { atS: 115, text: 'ordeal_cpu: loading out-of-tree module taints kernel.', watch: 'supervisor' },
  ];
  const { response: found, falsePositives } = said(lines, { effects: 0 });
  assert.deepEqual([found?.detected, falsePositives], [false, []]);
});

test('what Ordeal says of itself is never a detection; a path that has its name in it may be in one', () => {
  const of = (text: string): unknown => response([{ atS: 117, text, watch: 'supervisor' }]).detected;
  assert.equal(of('ordeal_cpu: loading out-of-tree module taints kernel.'), false);
  assert.equal(of('[ 12.3] ordeal_cpu: module verification failed: taints kernel'), false);
  assert.equal(of('Jun 1 10:00:00 host ordeal-agent[312]: reverted what taints'), false);
  assert.equal(of('oom: /ordeal/web: taints nothing'), true);
});

test('a detection that names another host, or another container of this one, is of the wrong component', () => {
  for (const server of ['web-2', 'db-1']) {
    const { response: found, wrongComponents } = said([down(117, server)]);
    assert.deepEqual([found?.detected, wrongComponents.length], [false, 1]);
  }
});

test('a repair of another component repairs nothing', () => {
  assert.equal(response([down(117), up(119, 'web-2')]).repaired, false);
});

test('a name that the campaign does not explain is taken for the target, and a note says so', () => {
  const { infrastructure, notes } = measured([down(117, 'www')]);
  assert.equal(infrastructure.response?.detected, true);
  assert.ok(
    notes.includes('the components of the campaign do not say what "www" is; it was taken for the target'),
  );
});

test('a stamp of whole seconds leaves open what its reading does not close', () => {
  const found = response([{ ...down(117), resolutionS: 1, readS: 117.4 }]).detection;
  assert.deepEqual([found?.atUs, found?.errorUs], [117.2 * second + offsetUs, 200_000 + 1_770]);
});

test('a latency below its own error is a bound, and the line is still one of the fault', () => {
  // From 115 s to 116 s: 497 ms after the injection, give or take 500 ms, 1600 us and 3551 us.
  const found = response([{ ...down(115), resolutionS: 1 }]);
  assert.equal(found.detected, true);
  assert.deepEqual(found.latencyFromInjection, { us: 497_000 + 505_151, errorUs: 505_151, isBound: true });
});

test('a line without a stamp was there at the latest when it was read: the latency is a bound', () => {
  const found = response([{ ...down(117), stamped: false, readS: 117 }]);
  assert.deepEqual(found.latencyFromInjection, { us: 1_997_000 + 5_301, errorUs: 5_301, isBound: true });
});

test('a fault that was detected only after its removal is detected, and a note says so', () => {
  const { infrastructure, notes } = measured([down(140)]);
  assert.equal(infrastructure.response?.detected, true);
  assert.ok(notes.includes('the fault was detected only after it had been removed'));
});

for (const [what, more, why] of [
  ['dropped lines', { dropped: 3 }, 'the watch "haproxy" on host-1 dropped 3 lines'],
  [
    'began after the fault',
    { startedS: 116 },
    'the watch "haproxy" on host-1 began only when the fault was there',
  ],
  ['ended early', { endedS: 120 }, 'the watch "haproxy" on host-1 ended before the trial did'],
  [
    'of one of two hosts never began',
    {
      others: (speakers: Speakers) =>
        speakers.say('tester', 101 * second, {
          kind: 'watch.ended',
          watch: 'haproxy',
          lines: 0,
          dropped: 0,
          failed: 'no such program',
        }),
    },
    'the watch "haproxy" on tester failed: no such program',
  ],
  ['failed', { failed: 'no such file' }, 'the watch "haproxy" on host-1 failed: no such file'],
  ['never ended', { open: true }, 'the watch "haproxy" on host-1 never said that it had seen all'],
  [
    'was not there',
    { watches: ['supervisor'] },
    'there was no watch "haproxy", which a rule for a detection reads',
  ],
] as const) {
  test(`where a watch ${what}, what was not seen is unknown, not undetected`, () => {
    const { response: found, unknownBecause } = said([], more);
    assert.deepEqual([found?.detected, found?.recovered], ['unknown', 'unknown']);
    assert.ok(unknownBecause.includes(why), unknownBecause.join('\n'));
  });
}

test('what a watch with gaps saw was there, and the latency is then at the most so long', () => {
  const found = response([down(117), up(119.5)], { dropped: 1 });
  assert.equal(found.detected, true);
  assert.deepEqual(found.latencyFromInjection, { us: 1_997_000 + 5_301, errorUs: 5_301, isBound: true });
  assert.equal(found.inTime, 'unknown');
});

test('where nothing was watched, or no rule says what a detection is, nothing is known', () => {
  assert.deepEqual(said([], { watches: [] }).unknownBecause, ['nothing was watched']);
  const without = said([], { definition: {} });
  assert.equal(without.response?.detected, 'unknown');
  assert.deepEqual(without.unknownBecause, [
    'no rule of the campaign says what a detection is',
    'no rule of the campaign says what a recovery is',
  ]);
});

test('what two rules call a detection is one', () => {
  const twice = { ...definition, rules: [...(definition.rules ?? []), ...(definition.rules ?? [])] };
  assert.equal(said([down(114)], { definition: twice }).falsePositives.length, 1);
});
