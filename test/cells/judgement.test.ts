import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongIn } from './judgement.ts';
import type { Seen } from './prove.ts';

type Judged = Parameters<typeof wrongIn>[0];

/** Answers to six pings, of which somebody who is hit gets none, and who is well all. */
const isHit = (answers: number): boolean => answers === 0;
const isWell = (answers: number): boolean => answers === 6;

function seen(before: number, during: number, after: number): Seen {
  const [first, second, third] = [before, during, after].map((amount) => ({ amount, words: `${amount}` }));
  assert.ok(first && second && third);
  return { before: first, during: second, after: third };
}

const whole: Judged = {
  victim: seen(6, 0, 6),
  neighbour: seen(6, 6, 6),
  left: [],
  proof: {},
  scene: { isHit, isWell },
};

test('a victim that is hit amid the fault only, beside a neighbour that is not, is a proof', () => {
  assert.deepEqual(wrongIn(whole), []);
});

const wrong: [what: string, proved: Partial<Judged>, sentence: string][] = [
  ['a victim that is well amid it', { victim: seen(6, 6, 6) }, 'the victim saw no effect'],
  ['a victim that was hit before', { victim: seen(0, 0, 6) }, 'the victim was not well before'],
  ['a victim that is hit afterwards', { victim: seen(6, 0, 0) }, 'the victim still saw it afterwards'],
  ['a neighbour that is hit', { neighbour: seen(6, 0, 6) }, 'the neighbour saw it, too'],
  ['a neighbour that is hit in part', { neighbour: seen(6, 5, 6) }, 'the neighbour saw it, too'],
  ['a victim that is hit in part', { victim: seen(6, 3, 6) }, 'the victim saw no effect'],
  [
    'a victim that is well in part afterwards',
    { victim: seen(6, 0, 5) },
    'the victim still saw it afterwards',
  ],
  [
    'something that is left',
    { left: ['faults of the modules: net/f/'] },
    'left: faults of the modules: net/f/',
  ],
];

for (const [what, proved, sentence] of wrong)
  test(`${what} is none, and it is said why`, () => {
    assert.deepEqual(wrongIn({ ...whole, ...proved }), [sentence]);
  });

test('where a fault is meant to last, a victim that stays hit is a proof, and one that recovers is none', () => {
  const lasting: Judged = { ...whole, proof: { lasts: true } };
  assert.deepEqual(wrongIn({ ...lasting, victim: seen(6, 0, 0) }), []);
  assert.deepEqual(wrongIn(lasting), ['the victim is well again, which it cannot be']);
});
