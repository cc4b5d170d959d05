import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measures } from '../measures/measures.ts';
import { exampleMeasures } from './report.example.ts';
import { renderReport } from './report.ts';

/** The texts between tags. */
function wordsOf(more: Partial<Measures>): string {
  const nothing = { series: new Map(), distributions: new Map(), provenance: {} };
  return renderReport({ measures: { ...exampleMeasures, ...more }, ...nothing })
    .replaceAll('\u00a0', ' ')
    .replace(/<style>.*<\/style>/s, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

const pruned = [
  { trial: 't007', policy: 'unlikely', grounds: 'faults: 2; likelihood: 0.0005' },
  { trial: 't008', policy: 'same-recovery', grounds: 'like t004: repairs: respawned, respawned' },
  { trial: 't009', policy: 'same-recovery', grounds: 'like t004: repairs: respawned, respawned' },
];

test('the report says how many trials were left out, by which policies and on what grounds', () => {
  const words = wordsOf({ pruned });
  assert.match(words, /3 trials left out, as its file asks/);
  assert.match(words, /3 trials of 8 were left out .*: 1 by unlikely, 2 by same-recovery\./);
  assert.match(words, /t008 .{0,40}same-recovery like t004: repairs: respawned, respawned/);
});

test('the report says after how many blocks a campaign ended, why, and how wide the intervals were', () => {
  const widths = [
    { measure: 'detection', name: 'virtual.cpu.delay', width: 0.371, asked: 0.4, isNarrow: true },
    { measure: 'unavailability', name: 'all', width: 450_000, asked: 500_000, isNarrow: true },
  ];
  const words = wordsOf({ concluded: { blocks: 24, because: 'narrow', widths } });
  assert.match(words, /24 blocks were run: every interval was as narrow as asked\./);
  assert.match(words, /detection virtual\.cpu\.delay 37\.1% 40\.0%/);
  assert.match(words, /unavailability all 450 ms 500 ms/);
});

test('the report of a campaign that ran all of its plan says nothing of either', () => {
  assert.doesNotMatch(wordsOf({}), /Left out|Enough repetitions/);
});
