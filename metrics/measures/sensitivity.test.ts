import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, madeAttempt, madeFault, second } from './made-attempt.example.ts';
import { madeTrialMeasures } from './made-trial.example.ts';
import type { TrialMeasures } from './measures.ts';
import { sensitivityOf } from './sensitivity.ts';
import { measureAttempt } from './trial.ts';

const definition = { slo: { unavailabilityUs: 0 }, bootstrapSeed: 1 };

test('a U that is an outage by half the rate alone changes the verdict by that one definition', () => {
  // 4% of the requests fail for ten seconds: below the rate of 5%, above that of 2.5%.
  const failed = (atUs: number) =>
    atUs >= 120 * second && atUs < 130 * second && Math.round(atUs / 10_000) % 25 === 0 ? 'error' : 'ok';
  const attempt = madeAttempt({ made: load(100 * second, 166 * second, 100, failed), slo: definition.slo });
  const trial = {
    ...measureAttempt({ ...attempt, plan: { ...attempt.plan, fault: madeFault } }),
    trial: 't',
  };
  assert.equal(trial.service?.unavailability.us, 0);
  const changes = sensitivityOf([trial], definition).map(({ windowUs, errorRate, changed }) => ({
    windowUs,
    errorRate,
    changed,
  }));
  assert.deepEqual(changes, [
    { windowUs: second / 2, errorRate: 0.05, changed: [] },
    {
      windowUs: second,
      errorRate: 0.025,
      changed: [{ of: 'verdict', trial: 't', from: 'pass', to: 'fail' }],
    },
    { windowUs: second * 2, errorRate: 0.05, changed: [] },
    { windowUs: second, errorRate: 0.1, changed: [] },
  ]);
});

test('a cell that is told from the golden runs by one definition alone is named, and a recovery that another one does not see', () => {
  const withU = (
    id: string,
    cell: string | undefined,
    us: number,
    halved: number,
    recovered = true,
  ): TrialMeasures => {
    const made = madeTrialMeasures(id, { us, ...(cell === undefined ? {} : { cell }) });
    const { service } = made;
    assert.ok(service !== undefined);
    const { unavailability } = service;
    const sensitivity = [{ windowUs: 1, errorRate: 0.05, us: halved, recovered }];
    return {
      ...made,
      judgements: [],
      service: { ...service, unavailability: { ...unavailability, sensitivity } },
    };
  };
  const trials = [1, 2, 3, 4, 5].flatMap((place) => [
    withU(`g${place}`, undefined, 0, 0),
    withU(`t${place}`, 'a.b.c', 0, place, place < 5),
  ]);
  assert.deepEqual(sensitivityOf(trials, { slo: {}, bootstrapSeed: 1 })[0]?.changed, [
    { of: 'recovered', trial: 't5', from: true, to: false },
    { of: 'distinguishable', cell: 'a.b.c', from: false, to: true },
  ]);
});
