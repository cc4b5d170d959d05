import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Definition } from '../../campaign/definition.ts';
import type { Outcome } from '../../events/sample-columns.ts';
import type { Attempt } from './attempt.ts';
import { load, madeAttempt, second, type Made, type Speakers } from './made-attempt.example.ts';
import { openRecovery, recoveredAtEnd } from './recovery-open.ts';

// The fault is on host-1/container/web, from 115 s to 135 s; the trial ends at 165 s.

const rule = (
  name: string,
  means: Definition['rules'][number]['means'],
  pattern: string,
): Definition['rules'][number] => ({ name, means, by: 'management', source: 'front', pattern });

const definition: Partial<Definition> = {
  rules: [
    rule('down', 'detection', '(?<component>\\S+) is DOWN'),
    rule('up', 'recovery-done', '(?<component>\\S+) is UP'),
    rule('exited', 'detection', '^exited'),
    rule('running', 'recovery-done', '^running'),
  ],
  components: { 'web-1': 'host-1/container/web', 'web-2': 'host-2/container/web' },
};

type Line = readonly [atS: number, text: string];

function attempt(lines: readonly Line[], more: Partial<Made> & { ended?: boolean } = {}): Attempt {
  const watch = 'front';
  const beside = (speakers: Speakers): void => {
    speakers.say('host-1', 100 * second, { kind: 'watch.started', watch, of: 'log' });
    for (const [atS, text] of lines) {
      const at = { stamped: true, resolutionUs: 1_000, readUs: atS * second + 50_000 };
      speakers.say('host-1', atS * second, { kind: 'watch.line', watch, text, ...at });
    }
    if (more.ended === true)
      speakers.say('host-1', 200 * second, { kind: 'watch.ended', watch, lines: lines.length, dropped: 0 });
  };
  const made = load(100 * second, 166 * second, 50);
  return madeAttempt({ made, definition, beside, ...more });
}

const cases: readonly (readonly [string, readonly Line[], boolean | undefined, boolean])[] = [
  ['nothing was detected and the service is well', [], true, false],
  ['a detection that nothing followed', [[116, 'web-1 is DOWN']], true, true],
  [
    'a detection and a recovery of it',
    [
      [116, 'web-1 is DOWN'],
      [120, 'web-1 is UP'],
    ],
    true,
    false,
  ],
  [
    'a recovery after the end of the trial',
    [
      [116, 'web-1 is DOWN'],
      [180, 'web-1 is UP'],
    ],
    true,
    false,
  ],
  [
    'a recovery of another component',
    [
      [116, 'web-1 is DOWN'],
      [120, 'web-2 is UP'],
    ],
    true,
    true,
  ],
  [
    'a recovery that names no component',
    [
      [116, 'web-1 is DOWN'],
      [120, 'running'],
    ],
    true,
    false,
  ],
  [
    'a detection that names no component',
    [
      [116, 'exited'],
      [120, 'web-1 is UP'],
    ],
    true,
    false,
  ],
  [
    'a detection after the recovery',
    [
      [116, 'web-1 is DOWN'],
      [120, 'web-1 is UP'],
      [121, 'web-1 is DOWN'],
    ],
    true,
    true,
  ],
  ['a detection before the fault', [[110, 'web-1 is DOWN']], true, false],
  ['a detection of what is not the target', [[116, 'web-2 is DOWN']], true, false],
  ['a service that was away at the end', [], false, true],
  ['a service that was away at the end, and a recovery before it', [[120, 'web-1 is UP']], false, true],
  ['a service that was away at the end, and a recovery after it', [[170, 'web-1 is UP']], false, false],
  ['a service of which nothing is known', [], undefined, false],
];
for (const [what, lines, recovered, open] of cases) {
  test(`${what}: ${open ? 'open' : 'over'}`, () => {
    assert.equal(openRecovery(attempt(lines), recovered).open, open);
  });
}

const detected: readonly Line[] = [[116, 'web-1 is DOWN']];

test('what is open is told with the rule that has detected it', () => {
  const { reason } = openRecovery(attempt(detected), true);
  assert.equal(reason, 'no recovery followed what "down" has detected');
});

test('a golden run waits for nothing', () => {
  assert.equal(openRecovery(attempt(detected, { golden: true }), false).open, false);
});

test('where every watch has ended, nothing can come any more', () => {
  assert.equal(openRecovery(attempt(detected, { ended: true }), false).open, false);
});

test('where no rule tells of a recovery, none can come', () => {
  const rules = definition.rules?.filter(({ means }) => means === 'detection') ?? [];
  assert.equal(openRecovery(attempt(detected, { definition: { ...definition, rules } }), false).open, false);
});

for (const [untilS, recovered] of [
  [150, true],
  [170, false],
] as const) {
  test(`a service that is away until ${untilS} s has ${recovered ? '' : 'not '}recovered at the end`, () => {
    const failed = (atUs: number): Outcome =>
      atUs >= 116 * second && atUs < untilS * second ? 'refused' : 'ok';
    const made = load(100 * second, 166 * second, 50, failed);
    assert.equal(recoveredAtEnd(attempt([], { made })), recovered);
  });
}

test('without any request nobody knows whether the service had recovered', () => {
  assert.equal(recoveredAtEnd(attempt([], { made: [] })), undefined);
});
