import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { TrialPlan } from '../../campaign/plan.ts';
import { campaignRecordSchema, type CampaignRecord } from '../state/records.ts';
import { refuseUnannounceable } from './announce.ts';

const record: CampaignRecord = campaignRecordSchema.parse({
  id: 'short-20261121-081500-a3f2',
  requestId: 'request',
  file: { name: 'short.yaml', text: 'version: 1' },
  plan: { name: 'short' },
  trials: 0,
  startedWallUs: 0,
  state: 'running',
  saidStarted: false,
  saidEnded: false,
});

/** Names as `nameOf` says them, for each of the targets of each trial. */
function trials(count: number, targets: number, nameOf: (number: number) => string): TrialPlan[] {
  return Array.from({ length: count }, (_, trial) => ({
    id: `t${trial}`,
    repetition: trial,
    seed: trial,
    fault: {
      name: 'freeze',
      cell: 'virtual.cpu.unavailability',
      mechanism: 'cgroup-freeze',
      parameters: {},
      mode: { kind: 'permanent' },
      rootCause: 'sw',
      weight: 1,
      targets: Array.from({ length: targets }, (_, index) => ({
        host: 'host-1',
        kind: 'container' as const,
        name: nameOf(trial * targets + index),
      })),
    },
    timeline: { warmUpUs: 0, beforeUs: 1, duringUs: 1, afterUs: 1, horizonUs: 1 },
  }));
}

/** As the ids of containers are: nothing in them packs. */
const random = (number: number): string => createHash('sha256').update(String(number)).digest('hex');

test('a plan of thousands of trials can be announced', () => {
  refuseUnannounceable(
    record,
    trials(10_000, 1, () => 'web'),
  );
});

test('one that is more than a message carries is refused by the number of its trials', () => {
  assert.throws(() => refuseUnannounceable(record, trials(10_000, 4, random)), {
    code: 'INVALID_INPUT',
    message:
      /^the plan of the campaign's 10000 trials has \d+ bytes when packed; 978944 are allowed at most$/,
  });
});

test('one that packs so well that no reader would unpack it is refused too', () => {
  assert.throws(
    () =>
      refuseUnannounceable(
        record,
        trials(700, 1_000, () => 'web'.repeat(21)),
      ),
    {
      code: 'INVALID_INPUT',
      message: /^the plan of the campaign's 700 trials has \d+ bytes; 67043328 are allowed at most$/,
    },
  );
});
