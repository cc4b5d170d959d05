import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CampaignRecord, TrialRecord } from '../state/records.ts';
import { Sequential } from './sequential.ts';

const until = { atLeast: 1, narrow: [{ measure: 'l50', by: 'all', width: 1 }] };

function trial(repetition: number): TrialRecord {
  const plan = { id: `t00${repetition}`, repetition, fault: { name: 'kill' }, timeline: {} };
  return {
    campaign: 'c',
    plan: plan as unknown as TrialRecord['plan'],
    phase: 'waiting',
    attempt: 0,
    failures: 0,
  };
}

/** Before the second block of three; `answer` is what comes of the question about the first. */
async function beforeTheSecond(answer: 'narrow' | 'none', over = new AbortController()) {
  const record = { plan: { until }, startedWallUs: 0 } as unknown as CampaignRecord;
  const trials = [1, 2, 3].map(trial);
  const stored: unknown[] = [];
  const width = { measure: 'l50', name: 'all', width: 1, asked: 1, isNarrow: true };
  const sequential = new Sequential({
    record,
    trials,
    store: () => {
      stored.push(structuredClone(record.concluded ?? record.blocksDecided));
      return Promise.resolve();
    },
    sayOnce: () => Promise.resolve(),
    measured: (block) =>
      Promise.resolve(answer === 'none' ? undefined : { kind: 'block.measured', block, widths: [width] }),
    over: over.signal,
  });
  const [, second] = trials;
  assert.ok(second);
  return { left: await sequential.leavesOut(second), record, stored };
}

test('a block is left out where the intervals of those before it are narrow, and that is stored first', async () => {
  const { left, stored } = await beforeTheSecond('narrow');
  assert.equal(left?.pruned.grounds, 'every interval was as narrow as asked after 1 blocks');
  const [first] = stored as { because?: string; said?: boolean }[];
  assert.deepEqual([first?.because, first?.said], ['narrow', false]);
});

test('a block is run where nobody says how wide the intervals are, and it is not asked again', async () => {
  const { left, stored } = await beforeTheSecond('none');
  assert.equal(left, undefined);
  assert.deepEqual(stored, [1]);
});

test('an answer that was not waited for decides nothing: the next controller asks again', async () => {
  const over = new AbortController();
  over.abort();
  const { record, stored } = await beforeTheSecond('none', over);
  assert.deepEqual([record.blocksDecided, record.concluded, stored], [undefined, undefined, []]);
});
