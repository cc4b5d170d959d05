import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { isKind, type Event, type EventBody } from '../../events/event.ts';
import { awaitedPhrase, frame, verdictLines } from './frame.ts';
import { columnsOf, rendered } from './segment.ts';
import { WatchedCampaign } from './watched-campaign.ts';

const plan = {
  estimateUs: 80e6,
  definition: {
    rules: [
      { name: 'down', source: 'haproxy', pattern: 'is DOWN', means: 'detection', by: 'management' },
      { name: 'up', source: 'haproxy', pattern: 'is UP', means: 'recovery-done', by: 'management' },
    ],
    components: {},
  },
  trials: [
    { id: 't001' },
    {
      id: 't002',
      fault: { name: 'cut-host', cell: 'virtual.network.unavailability', mechanism: 'nft-drop' },
    },
  ],
};

/** The wall clock is so much before the reference clock, which is that of all hosts here. */
const wallUs = 1_000_000e6;

function event(atUs: number, body: EventBody, trial?: string): Event {
  const of = trial === undefined ? {} : { trial, attempt: 1 };
  const identity = { producer: 'controller', incarnation: '0a0a0a0a', seq: 0, campaign: 'c1', ...of };
  return { ...identity, host: 'controller', wallUs: wallUs + atUs, monoUs: atUs, body };
}

const scheduled: EventBody = {
  kind: 'trial.scheduled',
  startUs: 11e6,
  injectUs: 15e6,
  removeUs: 20e6,
  endUs: 31e6,
};

function line(atUs: number, text: string): Event {
  const body = { kind: 'watch.line', watch: 'haproxy', text, stamped: true, resolutionUs: 0 } as const;
  return event(atUs, { ...body, readUs: atUs }, 't002');
}

/** A golden run that took 10 s, and of the second trial so much as is told until an instant. */
const story: readonly Event[] = [
  event(0, { kind: 'campaign.started', name: 'shop', file: '', plan: z.json().parse(plan), provenance: {} }),
  event(0, { kind: 'trial.started', producers: [] }, 't001'),
  event(10e6, { kind: 'trial.measured', final: true, verdict: 'pass', reasons: [] }, 't001'),
  event(10e6, { kind: 'trial.step', step: 'inject', state: 'begun' }, 't002'),
  event(10e6, { kind: 'clock.read', of: 'controller', offsetUs: 0, errorUs: 100 }, 't002'),
  event(11e6, scheduled, 't002'),
  line(14e6, 'Server web/a is DOWN'),
  event(15e6, { kind: 'injection.active', injection: 'i1', appliedUs: 15e6 }, 't002'),
  line(16.8e6, 'Server web/a is DOWN\u001b[2J'),
  line(17e6, 'Server web/b is DOWN'),
  event(
    20e6,
    { kind: 'injection.reverted', injection: 'i1', because: 'deadline', effects: { count: 340 } },
    't002',
  ),
  line(21.3e6, '2026-11-21T12:30:59.816882+00:00 Server web/a is UP'),
  event(40e6, { kind: 'trial.measured', final: true, verdict: 'fail', reasons: ['U is 6 s'] }, 't002'),
];

function until(atUs: number): WatchedCampaign {
  const watched = new WatchedCampaign();
  for (const one of story.filter((told) => told.wallUs <= wallUs + atUs)) watched.take(one);
  return watched;
}

function lines(atUs: number, columns = 80, colours = false): string[] {
  const drawn = frame(until(atUs), wallUs + atUs, columns);
  return drawn.map((one) => rendered(one, { columns, colours }).trimEnd());
}

test('while a fault is there, it is said which, how long it still lasts, and what the infrastructure told', () => {
  assert.deepEqual(lines(17e6, 36), [
    '',
    '▸ t002  cut-host  virtual.network.u…',
    '  step 6 of 11: inject, load for 0:…',
    '  ━━━━██░░░───────────  █ fault',
    '  ! active for 0:02, 0:03 to its end',
    '  ◆ detected       +1.80 s  haproxy…',
    '',
    '  ━━━━━━━━━━──────────  1 of 2',
    '  ✓ 1 pass   ✗ 0 fail   ? 0 unknown…',
  ]);
});

test('what was said before the injection is no detection of it, and what is said again is not told again', () => {
  const told = lines(21.5e6).filter((text) => /detected|recovery/.test(text));
  assert.deepEqual(told, [
    '  ◆ detected       +1.80 s  haproxy: Server web/a is DOWN [2J',
    '  ● recovery done  +6.30 s  haproxy: Server web/a is UP',
  ]);
});

test('the effects are told once the fault is reverted, since no earlier event has them', () => {
  assert.ok(!lines(17e6).join().includes('effects'));
  assert.match(lines(21e6).join('\n'), /reverted: 340 effects/);
});

test('what is left is reckoned from the trials that are over, and from the plan before there is one', () => {
  assert.match(lines(5e6).join('\n'), /about 1:15 left/);
  assert.match(lines(12e6).join('\n'), /about 0:08 left/);
  assert.doesNotMatch(lines(40e6).join('\n'), /left/);
});

test('a campaign that is paused says so, and why, and promises no end', () => {
  const watched = until(12e6);
  watched.take(event(12.5e6, { kind: 'campaign.paused', pause: 1, reason: 'the lift is repaired' }));
  const shown = frame(watched, 13e6, 70).map((row) => rendered(row, { columns: 70, colours: false }));
  assert.match(shown.join('\n'), /paused: the lift is repaired/);
  assert.doesNotMatch(shown.join('\n'), /left/);
});

test('no row is wider than the terminal, whatever its width', () => {
  for (const columns of [20, 40, 60, 80, 200]) {
    for (const atUs of [0, 5e6, 12e6, 17e6, 21.5e6, 40e6]) {
      for (const text of lines(atUs, columns)) assert.ok(columnsOf(text) <= columns, `${columns}: ${text}`);
    }
  }
});

test('without colours there is no escape sequence, and every verdict has its sign and its word', () => {
  assert.doesNotMatch(lines(21.5e6).join('\n'), /\p{Cc}(?<!\n)/u);
  assert.match(lines(21.5e6).at(-1) ?? '', /✓ 1 pass {3}✗ 0 fail {3}\? 0 unknown/);
});

test('with colours the words are the same', () => {
  const painted = lines(17e6, 70, true).join('\n');
  assert.match(painted, /\x1b\[33m/u);
  assert.equal(painted.replace(/\x1b\[\d+m/gu, '').replace(/ +$/gm, ''), lines(17e6, 70).join('\n'));
});

test('a trial that is over is a row: verdict, effects, what was noticed, reasons; several where it is narrow', () => {
  const trial = until(40e6).trials.get('t002-1');
  assert.ok(trial);
  const rows = (columns: number): string[] =>
    verdictLines(trial, { text: '12:00:40  ' }, columns).map((row) =>
      rendered(row, { columns: Infinity, colours: false }).trimEnd(),
    );
  assert.deepEqual(rows(120), [
    '12:00:40  ✗ fail     t002  cut-host          340 effects · detected +1.80 s · recovery done +6.30 s · U is 6 s',
  ]);
  assert.deepEqual(rows(60), [
    '12:00:40  ✗ fail     t002  cut-host',
    '          340 effects · detected +1.80 s',
    '          recovery done +6.30 s · U is 6 s',
  ]);
});

test('a wide character takes two columns', () => {
  assert.equal(rendered(['漢字です'], { columns: 6, colours: false }), '漢字…');
});

for (const [told, found] of [
  [{ rule: 'up', startUs: 16.3e6 }, 'drop begins +1.30 s, upon recovery-begun: up'],
  [{}, 'drop does not begin: nothing that means recovery-begun came in time'],
] as const)
  test(`of a fault that waits it is said: ${found}`, () => {
    const waited = event(
      16e6,
      { kind: 'fault.awaited', fault: 'drop', means: 'recovery-begun', ...told },
      't002',
    );
    const trial = until(16e6).trialOf(waited);
    assert.ok(trial !== undefined && isKind(waited, 'fault.awaited'));
    assert.equal(awaitedPhrase(trial, waited), found);
  });

test('of a fault that waits no time is told to whoever has not heard when its trial was to be injected', () => {
  const body = {
    kind: 'fault.awaited',
    fault: 'drop',
    means: 'recovery-begun',
    rule: 'up',
    startUs: 16.3e6,
  } as const;
  const waited = event(16e6, body, 't002');
  const watched = new WatchedCampaign();
  watched.take(waited);
  const trial = watched.trialOf(waited);
  assert.ok(trial !== undefined && isKind(waited, 'fault.awaited'));
  assert.equal(awaitedPhrase(trial, waited), 'drop begins, upon recovery-begun: up');
});
