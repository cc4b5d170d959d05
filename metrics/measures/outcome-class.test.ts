import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeTrialMeasures } from './made-trial.example.ts';
import type { Maybe } from './maybe.ts';
import type { TrialMeasures } from './measures.ts';
import { outcomeClasses, outcomeOfFault, type OutcomeClass } from './outcome-class.ts';

interface Seen {
  readonly activated?: boolean;
  readonly active?: boolean;
  readonly valid?: boolean;
  /** Wrong answers before, and from the injection on. */
  readonly wrong?: readonly [before: number, later: number];
  readonly outage?: 'none' | 'over' | 'open';
  readonly unsentUs?: number;
  readonly crashed?: 'crashed' | 'silent' | 'unknown';
  readonly repaired?: 'node' | 'management';
  readonly healed?: Maybe;
  readonly degraded?: Maybe;
  readonly degradedDuring?: Maybe;
  readonly detected?: Maybe;
}

/** What is seen of a trial, and what its outcome is then. What a row does not say is as in a trial in which nothing was seen. */
const table: readonly (readonly [Seen, OutcomeClass])[] = [
  [{}, 'no-effect'],
  [{ detected: true }, 'masked'],
  [{ detected: true, repaired: 'management' }, 'masked'],
  [{ detected: 'unknown' }, 'unknown'],
  [{ degraded: true }, 'degraded'],
  [{ degradedDuring: true }, 'degraded'],
  [{ degraded: true, degradedDuring: 'unknown', detected: 'unknown' }, 'degraded'],
  [{ degraded: 'unknown' }, 'unknown'],
  [{ degradedDuring: 'unknown', detected: true }, 'unknown'],
  [{ unsentUs: 1 }, 'unknown'],
  [{ unsentUs: 1, degraded: true }, 'unknown'],
  [{ outage: 'over', repaired: 'node', detected: true }, 'recovered-by-node'],
  [{ outage: 'over', repaired: 'management', detected: true }, 'recovered-by-management'],
  [{ outage: 'over', repaired: 'node', healed: true }, 'recovered-by-node'],
  [{ outage: 'over', healed: true }, 'recovered-on-removal'],
  [{ outage: 'over', healed: 'unknown' }, 'recovered-by-unknown'],
  [{ outage: 'over' }, 'recovered-by-unknown'],
  [{ outage: 'over', repaired: 'node', degraded: true, unsentUs: 1 }, 'recovered-by-node'],
  [{ crashed: 'crashed' }, 'host-crash'],
  [{ crashed: 'crashed', outage: 'over', repaired: 'node' }, 'host-crash'],
  [{ crashed: 'silent' }, 'no-effect'],
  [{ crashed: 'unknown', detected: true }, 'masked'],
  [{ outage: 'open' }, 'not-recovered'],
  [{ outage: 'open', crashed: 'crashed', healed: true }, 'not-recovered'],
  [{ wrong: [0, 1] }, 'wrong-answers'],
  [{ wrong: [0, 1], outage: 'open', crashed: 'crashed' }, 'wrong-answers'],
  [{ wrong: [1, 1] }, 'unknown'],
  [{ wrong: [1, 0] }, 'unknown'],
  [{ valid: false }, 'unknown'],
  [{ valid: false, outage: 'open', wrong: [0, 9] }, 'unknown'],
  // A fault that touched nothing makes its trial not count; what was not even there is another thing.
  [{ valid: false, activated: false }, 'not-activated'],
  [{ valid: false, activated: false, active: false }, 'unknown'],
];

for (const [seen, expected] of table) {
  test(`${JSON.stringify(seen)} is ${expected}`, () => {
    const found = outcomeOfFault(trialOf(seen));
    assert.equal(found?.is, expected);
    assert.equal(found.because !== undefined, expected === 'unknown', 'what is unknown is so for a reason');
  });
}

test('every class is the outcome of some row', () => {
  assert.deepEqual(new Set(table.map(([, expected]) => expected)), new Set(outcomeClasses));
});

test('a golden run has no outcome', () => {
  assert.equal(outcomeOfFault(madeTrialMeasures('g', {})), undefined);
});

test('of a trial without instants nothing can be said', () => {
  const trial = without(madeTrialMeasures('t', { cell: 'a.b.c' }), 'service');
  assert.equal(outcomeOfFault(trial)?.is, 'unknown');
});

function trialOf(seen: Seen): TrialMeasures {
  const { activated = true, active = true, valid = true, wrong = [0, 0], outage = 'none', crashed } = seen;
  const made = madeTrialMeasures('t', { cell: 'a.b.c', recovered: outage !== 'open' });
  const { service, injections, infrastructure } = made;
  assert.ok(service !== undefined && infrastructure.response !== undefined);
  const { before, during, after, unavailability } = service;
  return {
    ...made,
    activated,
    valid,
    injections: active ? injections : injections.map((injection) => without(injection, 'activeUs')),
    service: {
      ...service,
      before: { ...before, failed: { ...before.failed, wrong: wrong[0] } },
      during: { ...during, failed: { ...during.failed, wrong: wrong[1] } },
      after,
      unavailability: {
        ...unavailability,
        unknownUs: seen.unsentUs ?? 0,
        outages: outage === 'none' ? [] : [{ fromUs: 1, toUs: 2, requestsLost: 1 }],
      },
    },
    absences: crashed === undefined ? [] : [{ host: 'host-1', lastHeardUs: 1, fate: crashed }],
    degradation: {
      ...made.degradation,
      degraded: seen.degraded ?? false,
      degradedDuring: seen.degradedDuring ?? false,
    },
    infrastructure: {
      ...infrastructure,
      response: {
        ...infrastructure.response,
        detected: seen.detected ?? false,
        repaired: seen.repaired !== undefined,
        ...(seen.repaired === undefined ? {} : { by: seen.repaired }),
        healedOnRemoval: seen.healed ?? false,
      },
    },
  };
}

function without<Whole extends object>(whole: Whole, key: keyof Whole): Whole {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as Whole;
}
