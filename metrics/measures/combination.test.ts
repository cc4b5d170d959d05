import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt, FaultInPlan } from './attempt.ts';
import {
  load,
  madeAttempt,
  madeFault,
  madeInstants,
  offsetUs,
  second,
  type Speakers,
} from './made-attempt.example.ts';
import { openRecovery } from './recovery-open.ts';
import { measureAttempt } from './trial.ts';

const kill: FaultInPlan = {
  ...madeFault,
  name: 'kill',
  mechanism: 'sigkill',
  rootCause: 'hw',
  targets: [{ host: 'host-1', kind: 'container', name: 'db' }],
};

interface Said {
  readonly fault: FaultInPlan;
  readonly atS: number;
  readonly forS: number;
  readonly oneShot?: boolean;
  readonly effects: number;
}

/** Each is active 3 ms late, and reverted 5 ms late. */
function say(speakers: Speakers, { fault, atS, forS, oneShot = false, effects }: Said): void {
  const injection = `i-${fault.name.replace('#', '-')}`;
  const atUs = madeInstants.injectUs * second + atS * second;
  const staged = { fault: fault.name, cell: fault.cell, mechanism: fault.mechanism, target: {} };
  const how = { parameters: {}, mode: { kind: 'permanent' }, seed: 1, oneShot, effectUnit: 'process' };
  speakers.say('host-1', atUs - 2 * second, {
    kind: 'injection.staged',
    injection,
    ...staged,
    ...how,
    startUs: 0,
    durationUs: forS * second,
  });
  speakers.say('host-1', atUs + 3_000, { kind: 'injection.active', injection, appliedUs: atUs + 4_000 });
  const overUs = oneShot ? atUs + 4_000 : atUs + forS * second + 5_000;
  const counted = effects === 0 ? { count: 0 } : { count: effects, firstUs: atUs + 3_500, lastUs: overUs };
  speakers.say('host-1', overUs, {
    kind: 'injection.reverted',
    injection,
    because: 'deadline',
    effects: counted,
  });
  const verified = { kind: 'injection.verified', injection, expected: 'reverted', holds: true } as const;
  speakers.say('host-1', overUs + 1_000, verified);
}

/** Frozen from 115 s to 125 s, then at 130 s something else is killed, which is planned to last to 135 s. */
function combined(killed = 1, faults = [madeFault, kill]): Attempt {
  const attempt = madeAttempt({
    made: load(100 * second, 166 * second, 20),
    golden: true,
    beside: (speakers) => {
      say(speakers, { fault: madeFault, atS: 0, forS: 10, effects: 7 });
      say(speakers, { fault: faults[1] ?? kill, atS: 15, forS: 5, oneShot: true, effects: killed });
    },
  });
  const [first = madeFault, last = kill] = faults;
  const timed = [
    { fault: first, atUs: 0, durationUs: 10 * second },
    { fault: last, atUs: 15 * second, durationUs: 5 * second },
  ];
  return { ...attempt, plan: { ...attempt.plan, combination: { name: 'both', weight: 3, faults: timed } } };
}

test('the stretch during goes from the first injection to the last removal', () => {
  const { instants, service } = measureAttempt(combined());
  // 115 s + 3 ms, and 130 s + 3 ms + the 5 s for which what is over at once is taken to last.
  assert.equal(instants?.injectUs, 115_003_000 + offsetUs);
  assert.equal(instants.removeUs, 135_003_000 + offsetUs);
  // 20 a second: of [115.003 s, 135.003 s) those from 115.05 s to 135 s.
  assert.equal(service?.during.requests, 400);
});

test('each injection is late against its own fault', () => {
  const { injections } = measureAttempt(combined());
  assert.deepEqual(
    injections.map(({ fault, startLateUs, revertLateUs }) => [fault, startLateUs, revertLateUs]),
    [
      ['freeze', 3_000, 5_000],
      ['kill', 3_000, undefined],
    ],
  );
});

test('a combination is a fault of its own: no group of one of its faults has it', () => {
  const { fault, activated, valid, reasons } = measureAttempt(combined());
  assert.deepEqual(reasons, []);
  assert.ok(valid);
  assert.equal(activated, true);
  assert.equal(fault?.name, 'both');
  assert.equal(fault.cell, 'virtual.cpu.unavailability + virtual.cpu.unavailability');
  assert.equal(fault.layer, 'virtual + virtual');
  assert.equal(fault.mechanism, 'cgroup-freeze + sigkill');
  assert.equal(fault.rootCause, 'sw + hw');
  assert.equal(fault.weight, 3);
  assert.deepEqual(fault.targets, ['host-1/container/web', 'host-1/container/db']);
  assert.deepEqual(
    fault.faults?.map(({ name, atUs, durationUs }) => [name, atUs, durationUs]),
    [
      ['freeze', 0, 10 * second],
      ['kill', 15 * second, 5 * second],
    ],
  );
});

test('a combination is activated only where each of its faults is', () => {
  const { activated, valid, reasons } = measureAttempt(combined(0));
  assert.equal(activated, false);
  assert.equal(valid, false);
  assert.deepEqual(reasons, ['the fault "kill" was not activated: it touched nothing']);
});

test('the same fault a second time is told from the first', () => {
  const again = { ...madeFault, name: 'freeze#2' };
  const { injections, skew } = measureAttempt(combined(2, [madeFault, again]));
  assert.deepEqual(
    injections.map(({ fault }) => fault),
    ['freeze', 'freeze#2'],
  );
  // They are not the parts of one fault.
  assert.equal(skew, undefined);
});

test('a fault of a combination that never began makes the trial unknown', () => {
  const attempt = combined();
  const events = attempt.events.filter(({ body }) => !('injection' in body) || body.injection !== 'i-kill');
  const { verdict, activated, reasons } = measureAttempt({ ...attempt, events });
  assert.equal(verdict, 'unknown');
  assert.equal(activated, false);
  assert.ok(reasons.includes('the fault "kill" was never active'), reasons.join('; '));
});

/** The kill of `combined` waits for a recovery; what the controller said of that. */
function waited(found: { startUs?: number; rule?: string }): Attempt {
  const attempt = combined();
  const plan = attempt.plan.combination;
  assert.ok(plan);
  const upon = { means: 'recovery-begun', withinUs: 20 * second } as const;
  const faults = plan.faults.map((timed) =>
    timed.fault.name === 'kill' ? { ...timed, atUs: 0, upon } : timed,
  );
  const said = madeAttempt({
    made: [],
    golden: true,
    beside: (speakers) => {
      const body = { kind: 'fault.awaited', fault: 'kill', means: 'recovery-begun', ...found } as const;
      speakers.say('controller', 130 * second + offsetUs, body);
    },
  }).events.filter(({ body }) => body.kind === 'fault.awaited');
  const events = [...attempt.events, ...said.map((event) => ({ ...event, incarnation: '89abcdef' }))];
  return { ...attempt, events, plan: { ...attempt.plan, combination: { ...plan, faults } } };
}

test('a fault that waited is late against the start that it was then given', () => {
  // It was active at 130.003 s of its host, which are 500 s more in the reference clock.
  const { injections } = measureAttempt(waited({ rule: 'restart', startUs: 129_999_000 + offsetUs }));
  assert.equal(injections.find(({ fault }) => fault === 'kill')?.startLateUs, 4_000);
});

test('a fault whose notice did not come makes the trial unknown, and that is why', () => {
  const attempt = waited({});
  const events = attempt.events.filter(
    ({ body }) => !('injection' in body) || body.injection !== 'i-kill' || body.kind === 'injection.staged',
  );
  const { verdict, reasons } = measureAttempt({ ...attempt, events });
  assert.equal(verdict, 'unknown');
  assert.ok(
    reasons.includes(
      'the fault "kill" did not begin: nothing that means recovery-begun was noticed within 20s',
    ),
    reasons.join('; '),
  );
});

test('a recovery is open after a combination as after one fault', () => {
  const rule = { name: 'down', source: 'front', pattern: 'DOWN', means: 'detection', by: 'node' } as const;
  const up = { ...rule, name: 'up', pattern: 'UP', means: 'recovery-done' } as const;
  const attempt = combined();
  const lines = madeAttempt({
    made: load(100 * second, 166 * second, 20),
    golden: true,
    beside: (speakers) => {
      say(speakers, { fault: madeFault, atS: 0, forS: 10, effects: 7 });
      speakers.say('host-1', 101 * second, { kind: 'watch.started', watch: 'front', of: 'log' });
      const line = { kind: 'watch.line', watch: 'front', text: 'DOWN', stamped: true } as const;
      speakers.say('host-1', 120 * second, { ...line, resolutionUs: 0, readUs: 120 * second });
    },
  });
  const definition = { ...attempt.definition, rules: [rule, up] };
  const watched = { ...lines, plan: attempt.plan, definition };
  assert.deepEqual(openRecovery(watched, true), {
    open: true,
    reason: 'no recovery followed what "down" has detected',
  });
});
