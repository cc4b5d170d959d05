import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventBody } from '../events/event.ts';
import type { Injector, Reverted, Verification } from '../injectors/injector.ts';
import { noop } from '../injectors/noop/descriptor.ts';
import type { JournalEntry } from './journal-entry.ts';
import { LiveInjections } from './live-injections.ts';
import { takeAway } from './take-away.ts';

const target = { kind: 'host', host: 'h', bootId: 'b' } as const;
const entry: JournalEntry = {
  mechanism: 'noop',
  scope: {},
  injection: { id: 'i-1', target, parameters: {}, mode: { kind: 'permanent' }, seed: 1, durationUs: 1 },
  memory: {},
};

/** Reverts as the list says, one item a try: it throws, or reads back what is said. */
function reluctant(tries: ('throws' | 'left' | 'gone')[]): Injector {
  let current: string | undefined;
  return {
    descriptor: noop,
    supported: async () => await Promise.resolve({ supported: true }),
    capture: async () => await Promise.resolve({}),
    apply: async () => await Promise.resolve(),
    effects: async () => await Promise.resolve({ count: 0 }),
    handles: async () => await Promise.resolve([]),
    revert: async (): Promise<Reverted> => {
      current = tries.shift();
      if (current === 'throws') throw new Error('the kernel is busy');
      return await Promise.resolve({ count: 5, offUs: 42 });
    },
    verify: async (): Promise<Verification> =>
      await Promise.resolve(current === 'gone' ? { holds: true } : { holds: false, found: 'a rule' }),
  };
}

async function took(
  injector: Injector,
  because: 'deadline' | 'recovered' | undefined,
  { journalled = entry, endedUs }: { journalled?: JournalEntry; endedUs?: number } = {},
) {
  const said: string[] = [];
  const instants: (number | undefined)[] = [];
  const reasons: string[] = [];
  const pauses: number[] = [];
  const stuck: string[] = [];
  const live = new LiveInjections();
  live.add('i-1', 'noop', target, {});
  const taken = await takeAway(
    {
      entry: journalled,
      injector,
      because,
      pause: async (ms) => {
        pauses.push(ms);
        await Promise.resolve();
      },
      onStuck: ({ code, message }) => {
        stuck.push(`${code}: ${message}`);
        assert.equal(live.isStuck('i-1'), true);
      },
    },
    {
      live,
      log: { error: () => undefined },
      guardian: { withdraw: async () => await Promise.resolve(endedUs) },
      voice: {
        event: (_, body: EventBody, at) => {
          if (body.kind === 'injection.reverted') {
            instants.push(at?.monoUs);
            reasons.push(body.because);
          }
          said.push('holds' in body ? `${body.kind} ${body.holds}` : body.kind);
        },
      },
    },
  );
  return { taken, said, instants, reasons, pauses, stuck };
}

test('a fault that goes at once is reverted, then verified', async () => {
  const { taken, said, pauses } = await took(reluctant(['gone']), 'deadline');
  assert.deepEqual(taken, {
    effects: { count: 5 },
    ofThisPart: { count: 5 },
    endedByGuardian: false,
    tries: 1,
  });
  assert.deepEqual(said, ['injection.reverted', 'injection.verified true']);
  assert.deepEqual(pauses, []);
});

test('it is said to have gone when it was off, and the effects say nothing of that instant', async () => {
  const { taken, instants } = await took(reluctant(['gone']), 'deadline');
  assert.deepEqual(instants, [42]);
  assert.deepEqual(Object.keys(taken.effects), ['count']);
});

test('one that does not go is tried again, ever more slowly, and never called reverted before it is gone', async () => {
  const twice = ['throws', 'left'] as const;
  const tries = [...twice, ...twice, ...twice, ...twice, ...twice];
  const { taken, said, pauses, stuck } = await took(reluctant([...tries, 'gone']), 'deadline');
  assert.equal(taken.tries, 11);
  assert.deepEqual(said, [
    'injection.failed',
    'injection.verified false',
    'injection.reverted',
    'injection.verified true',
  ]);
  assert.equal(stuck.length, 10);
  assert.equal(stuck[0], 'REVERT_FAILED: the kernel is busy');
  assert.match(stuck[1] ?? '', /^REVERT_FAILED: .*a rule/);
  assert.deepEqual(pauses, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
});

test('one that never began is only proved to be gone', async () => {
  const { said } = await took(reluctant(['gone']), undefined);
  assert.deepEqual(said, ['injection.verified true']);
});

test('of a fault that has followed its target all instances are told, and the last one by itself', async () => {
  const followed = { ...entry, earlier: { instances: 2, effects: { count: 30, remark: '1: 20, 2: 10' } } };
  const { taken } = await took(reluctant(['gone']), 'deadline', { journalled: followed });
  assert.deepEqual(taken.effects, { count: 35, remark: 'it met 3 instances of h (1: 20, 2: 10, 3: 5)' });
  assert.deepEqual(taken.ofThisPart, { count: 5 });
});

const will = { group: { directory: '/c', inode: 1 }, restores: [], isWhole: true };

test('one that the guardian had ended went at that instant, by its deadline', async () => {
  const willed = { ...reluctant(['gone']), willOf: () => will };
  const { taken, instants, reasons } = await took(willed, 'recovered', { endedUs: 40 });
  assert.deepEqual([instants, reasons, taken.endedByGuardian], [[40], ['deadline'], true]);
});

test('one of which the guardian ended only the rest, had lost more with its agent', async () => {
  const willed = { ...reluctant(['gone']), willOf: () => ({ ...will, isWhole: false }) };
  const { taken, reasons } = await took(willed, 'recovered', { endedUs: 40 });
  assert.deepEqual([reasons, taken.endedByGuardian], [['recovered'], false]);
});

test('of one that left no will, the guardian is not asked', async () => {
  const { instants, reasons } = await took(reluctant(['gone']), 'recovered', { endedUs: 40 });
  assert.deepEqual([instants, reasons], [[42], ['recovered']]);
});
