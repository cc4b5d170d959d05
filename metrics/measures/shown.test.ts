import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, madeAttempt, madeDefinition, second, type Made } from './made-attempt.example.ts';
import { shownBy } from './shown.ts';
import { measureAttempt } from './trial.ts';

const rule = { source: 'log', by: 'node' } as const;
const definition = {
  ...madeDefinition,
  components: { 'web-2': 'host-2/container/web' },
  rules: [
    { name: 'down', pattern: 'is DOWN', means: 'detection', ...rule },
    { name: 'respawned', pattern: 'spawned', means: 'recovery-begun', ...rule },
    { name: 'elected', pattern: '(?<component>web-2) is leader', means: 'recovery-begun', ...rule },
    { name: 'up', pattern: 'is UP', means: 'recovery-done', ...rule },
  ],
} as const;

/** Each line at so many seconds; the fault is injected at 115 and removed at 135. */
function shown(
  lines: readonly (readonly [atS: number, text: string])[],
  made: Partial<Made> = {},
  watched = true,
) {
  const attempt = madeAttempt({
    made: load(100 * second, 166 * second, 50),
    definition,
    beside: (speakers) => {
      if (!watched) return;
      speakers.say('host-1', 100 * second, { kind: 'watch.started', watch: 'log', of: 'log' });
      for (const [atS, text] of lines)
        speakers.say('host-1', atS * second, {
          kind: 'watch.line',
          watch: 'log',
          text,
          stamped: true,
          resolutionUs: 0,
          readUs: (atS + 1) * second,
        });
      speakers.say('host-1', 166 * second, {
        kind: 'watch.ended',
        watch: 'log',
        lines: lines.length,
        dropped: 0,
      });
    },
    ...made,
  });
  return shownBy(measureAttempt(attempt), attempt.events, attempt.definition);
}

test('a trial shows by which rules its fault was noticed and repaired, each once, and what was touched', () => {
  const lines = [
    [110, 'web-1 is UP'],
    [117, 'web-1 is DOWN'],
    [118, 'web-1 is DOWN'],
    [119, 'web-2 is leader'],
    [120, 'spawned web-1'],
  ] as const;
  assert.deepEqual(shown(lines), {
    outcome: 'masked',
    detections: ['down'],
    repairs: ['elected', 'respawned'],
    touched: ['host-1/container/web', 'host-2/container/web'],
  });
});

test('that nothing was noticed is known only where somebody looked', () => {
  assert.deepEqual(shown([]), {
    outcome: 'no-effect',
    detections: [],
    repairs: [],
    touched: ['host-1/container/web'],
  });
  assert.deepEqual(shown([], {}, false), { outcome: 'unknown', touched: ['host-1/container/web'] });
});

test('a fault that touched nothing shows that, and a golden run shows nothing', () => {
  assert.deepEqual(shown([], { effects: 0 })?.outcome, 'not-activated');
  assert.deepEqual(shown([], { effects: 0 })?.touched, []);
  assert.equal(shown([], { golden: true }), undefined);
});
