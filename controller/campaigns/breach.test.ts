import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialRecord } from '../state/records.ts';
import { breachOf } from './breach.ts';

const none = { canary: [], budget: {} };

function trial(id: string, fault: string | undefined, verdict: TrialRecord['verdict']): TrialRecord {
  const plan = { id, ...(fault === undefined ? {} : { fault: { name: fault } }) } as TrialRecord['plan'];
  return { campaign: 'c', plan, phase: 'ended', attempt: 1, failures: 0, verdict, reasons: ['U is 6 s'] };
}

const trials = [
  trial('t001', undefined, 'pass'),
  trial('t002', 'cut', 'fail'),
  trial('t003', 'cut', 'unknown'),
  trial('t004', 'freeze', 'fail'),
];

test('where nothing is asked, nothing that fails ends a campaign', () => {
  assert.equal(breachOf(none, trials), undefined);
});

test('a canary that misses the SLO is named, with why', () => {
  assert.equal(
    breachOf({ ...none, canary: ['golden-runs', 'freeze'] }, trials),
    'the canary t004 (freeze) misses the SLO: U is 6 s',
  );
});

test('a golden run is a canary by a name of its own', () => {
  const golden = [trial('t001', undefined, 'fail')];
  assert.match(
    breachOf({ ...none, canary: ['golden-runs'] }, golden) ?? '',
    /^the canary t001 \(golden run\)/,
  );
  assert.equal(breachOf({ ...none, canary: ['cut'] }, golden), undefined);
});

test('a canary without a verdict is none that misses the SLO', () => {
  assert.equal(breachOf({ ...none, canary: ['cut'] }, trials.slice(2, 3)), undefined);
});

test('a budget of two is kept by two and spent by three', () => {
  const three = [...trials, trial('t005', 'cut', 'fail')];
  assert.equal(breachOf({ ...none, budget: { fail: 2 } }, trials), undefined);
  assert.equal(
    breachOf({ ...none, budget: { fail: 2 } }, three),
    'more trials miss the SLO than the budget of 2 allows: 3',
  );
});

test('a trial without a verdict counts against the budget of those, and against no other', () => {
  assert.equal(
    breachOf({ ...none, budget: { fail: 2, unknown: 0 } }, trials),
    'more trials are without a verdict than the budget of 0 allows: 1',
  );
});

test('a trial that has not ended says nothing', () => {
  const running = trials.map((one) => ({ ...one, phase: 'running' as const }));
  assert.equal(breachOf({ canary: ['cut', 'freeze'], budget: { fail: 0, unknown: 0 } }, running), undefined);
});
