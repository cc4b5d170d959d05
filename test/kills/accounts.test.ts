import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from '../../events/event.ts';
import { accounted, discrepancies, type Books } from './accounts.ts';

type Outcome = 'completed' | 'interrupted' | 'failed';

let seq = 0;

function event(body: EventBody, trial?: string, attempt?: number): Event {
  seq += 1;
  const identity = { producer: 'controller', incarnation: '00000000', seq, campaign: 'c' };
  const scope = trial === undefined || attempt === undefined ? {} : { trial, attempt };
  return { ...identity, ...scope, host: 'controller', wallUs: 0, monoUs: 0, body };
}

const started = (): Event =>
  event({ kind: 'campaign.started', name: 'c', file: '', plan: {}, provenance: {} });
const ended = (): Event => event({ kind: 'campaign.ended', outcome: 'completed' });
const concluded = (): Event =>
  event({ kind: 'campaign.concluded', blocks: 2, because: 'repetitions', widths: [] });
const begin = (trial: string, attempt: number): Event =>
  event({ kind: 'trial.started', producers: [] }, trial, attempt);
const end = (trial: string, attempt: number, outcome: Outcome): Event =>
  event({ kind: 'trial.ended', outcome }, trial, attempt);

const planned = [
  { id: 't001', seed: 1, fault: '' },
  { id: 't002', seed: 2, fault: 'freeze' },
];

/** Two trials; during the first the controller was killed. */
function good(): Books {
  return {
    planned,
    saved: planned,
    events: [
      started(),
      begin('t001', 1),
      end('t001', 1, 'interrupted'),
      begin('t001', 2),
      end('t001', 2, 'completed'),
      begin('t002', 1),
      end('t002', 1, 'completed'),
      ended(),
    ],
    record: { state: 'COMPLETED', ended: 2, pass: 1, fail: 1, unknown: 0 },
    measured: [
      { trial: 't001', attempt: 2, verdict: 'pass' },
      { trial: 't002', attempt: 1, verdict: 'fail' },
    ],
  };
}

test('a campaign that was interrupted and went on adds up', () => {
  assert.deepEqual(discrepancies(good()), []);
});

test('an attempt of which the controller did not live to say the beginning adds up, where it is interrupted', () => {
  const books = good();
  const events = books.events.filter(({ body, attempt }) => body.kind !== 'trial.started' || attempt !== 1);
  assert.deepEqual(
    discrepancies({ ...books, events: [...events.slice(0, -2), begin('t002', 1), ...events.slice(-2)] }),
    [],
  );
});

const wrongs: Readonly<Record<string, [(books: Books) => Partial<Books>, RegExp, number]>> = {
  'a trial that was run twice as one': [
    ({ events }) => ({ events: [...events.slice(0, -1), end('t002', 1, 'completed'), ...events.slice(-1)] }),
    /^t002: attempt 1 has 2 ends$/,
    1,
  ],
  'an attempt without an end': [
    ({ events }) => ({
      events: events.filter(({ body }) => body.kind !== 'trial.ended' || body.outcome !== 'interrupted'),
    }),
    /^t001: attempt 1 has 0 ends$/,
    1,
  ],
  'a trial that went on after it had been completed': [
    ({ events, measured }) => ({
      events: [...events.slice(0, -1), begin('t002', 2), end('t002', 2, 'completed'), ended()],
      measured: measured.map((one) => (one.trial === 't002' ? { ...one, attempt: 2 } : one)),
    }),
    /^t002: attempt 1 of 2 ended as completed$/,
    1,
  ],
  'a trial that was left out': [
    ({ events }) => ({ events: events.filter(({ trial }) => trial !== 't002') }),
    /^t002: it has no attempt$/,
    1,
  ],
  'a decision that there are enough, taken twice': [
    ({ events }) => ({ events: [...events, concluded(), concluded()] }),
    /^campaign.concluded is said 2 times$/,
    2,
  ],
  'another seed in the saved plan': [
    () => ({ saved: planned.map((trial) => ({ ...trial, seed: trial.seed + 1 })) }),
    /^t00[12]: in the saved plan it is/,
    0,
  ],
  'an event that is saved twice': [
    ({ events }) => ({ events: [...events, ...events.slice(1, 2)] }),
    /^an event is saved twice$/,
    1,
  ],
  'a verdict on record that is not that of the measures': [
    ({ record }) => ({ record: { ...record, pass: 2, fail: 0 } }),
    /^on record \d trials are (pass|fail), by the measures \d$/,
    2,
  ],
  'an attempt that is measured and is not the last': [
    ({ measured }) => ({ measured: measured.map((one) => ({ ...one, attempt: 1 })) }),
    /^t001: attempt 1 is measured, and the last one is 2$/,
    1,
  ],
};

for (const [what, [change, says, of]] of Object.entries(wrongs)) {
  test(`${what} does not add up`, () => {
    const books = { ...good() };
    const wrong = { ...books, ...change(books) };
    const found = discrepancies(wrong);
    assert.ok(
      found.some((line) => says.test(line)),
      found.join('\n'),
    );
    assert.equal(accounted(wrong, found), of, found.join('\n'));
  });
}
