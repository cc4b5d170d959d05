import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InjectionFacts } from './measures.ts';
import { skewOf } from './skew.ts';

function facts(changes: Partial<InjectionFacts>): InjectionFacts {
  const known = { injection: 'i1', host: 'nfvi-1', mechanism: 'noop', effects: 1, effectUnit: 'packet' };
  const proven = { activated: true, appliedVerified: true, cleanVerified: true } as const;
  return { ...known, ...proven, oneShot: false, hostBootedAnew: false, errorUs: 10, ...changes };
}

test('the skew of a fault is from its first part to its last, and as uncertain as both of them', () => {
  const parts = [
    facts({ activeUs: 1_300, revertedUs: 9_000, errorUs: 40 }),
    facts({ activeUs: 1_000, revertedUs: 9_020, errorUs: 30 }),
    facts({ activeUs: 1_100, revertedUs: 9_010, errorUs: 500 }),
  ];
  assert.deepEqual(skewOf(parts), { start: { us: 300, errorUs: 70 }, end: { us: 20, errorUs: 70 } });
});

test('where it is not known when one part began, nor is the skew', () => {
  assert.deepEqual(skewOf([facts({ activeUs: 1_000 }), facts({})]), {});
});

test('what is over at once has no end that could be apart', () => {
  const part = facts({ oneShot: true, activeUs: 1_000, revertedUs: 5_000 });
  assert.deepEqual(skewOf([part, part]), { start: { us: 0, errorUs: 20 } });
});

test('a fault of one part has no skew', () => {
  assert.equal(skewOf([facts({ activeUs: 1_000 })]), undefined);
});
