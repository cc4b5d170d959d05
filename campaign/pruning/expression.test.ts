import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readCondition, readKey } from './expression.ts';
import { facts, type Facts } from './facts.ts';
import { WrongExpression } from './wrong-expression.ts';

const nothing = Object.fromEntries(Object.keys(facts).map((name) => [name, undefined])) as Facts;
const pair: Facts = {
  ...nothing,
  faults: 2,
  likelihood: 0.0001,
  cells: ['physical.network.delay', 'virtual.cpu.unavailability'],
  outcomes: ['masked', 'not-recovered'],
};

function answer(source: string, of: Facts = pair): boolean | undefined {
  return readCondition(source).answer(of);
}

describe('an expression', () => {
  test('asks for numbers, for what is in a list, and joins the answers', () => {
    assert.equal(answer('faults == 2'), true);
    assert.equal(answer('faults > 1 and has(cells, "*.delay")'), true);
    assert.equal(answer('all(cells, "*.delay")'), false);
    assert.equal(answer('count(outcomes) >= 2 and count(outcomes, "mask*") == 1'), true);
    assert.equal(answer('not (faults == 2) or likelihood < 0.1%'), true);
    assert.equal(answer('likelihood < 1e-5'), false);
  });

  test('binds "not" closest, then "and", then "or"', () => {
    assert.equal(answer('faults == 2 or faults == 3 and faults == 4'), true);
    assert.equal(answer('(faults == 2 or faults == 3) and faults == 4'), false);
    assert.equal(answer('not faults == 3 and faults == 2'), true);
  });

  test('does not know what rests on something unknown, unless the rest decides', () => {
    assert.equal(answer('count(broken) > 0'), undefined);
    assert.equal(answer('not (count(broken) > 0)'), undefined);
    assert.equal(answer('count(broken) > 0 and faults == 1'), false);
    assert.equal(answer('count(broken) > 0 or faults == 2'), true);
    assert.equal(readKey('cells, broken').answer(pair), undefined);
  });

  test('gives equal trials an equal key, and others another', () => {
    const key = readKey('outcomes, count(cells)');
    assert.equal(key.answer(pair), key.answer({ ...pair, cells: ['a', 'b'] }));
    assert.notEqual(key.answer(pair), key.answer({ ...pair, outcomes: ['masked', 'masked'] }));
    assert.deepEqual([...key.asked], ['outcomes', 'cells']);
  });
});

const wrong: readonly (readonly [source: string, at: number, message: RegExp])[] = [
  ['cels == 1', 0, /there is no cels; did you mean cells\? \(there are: faults, .*has, all, count\)/],
  ['faults = 2', 7, /= means nothing here; did you mean ==\?/],
  ['faults > 1 && faults < 3', 11, /& means nothing here; did you mean and\?/],
  ['faults', 0, /this is a number, and has to be true or false/],
  ['cells == "a"', 6, /== compares two of the same kind, and has\(list, "text"\)/],
  ['has(cells)', 0, /has is asked as has\(list, "pattern"\)/],
  ['has(outcomes, "maskd")', 14, /"maskd" fits none of them; did you mean "masked"\?/],
  ['faults > ', 9, /the end is no value/],
  ['(faults > 1', 11, /the end stands where \) has to be/],
  ['faults > 1 faults', 11, /"faults" follows; "and", "or" or the end has to/],
  ['has(names, "a', 11, /a text begins with " and does not end/],
  [`${'('.repeat(60)}faults > 1`, 51, /nested too deeply/],
];

describe('an expression that cannot be read', () => {
  for (const [source, at, message] of wrong)
    test(`is refused where it is wrong: ${source.slice(0, 30)}`, () => {
      assert.throws(
        () => readCondition(source),
        (error) => error instanceof WrongExpression && error.at === at && message.test(error.message),
      );
    });

  test('is refused by a word of what is wrong, whatever it is', () => {
    const words = ['and', 'or', 'not', 'faults', 'cells', 'has', '(', ')', ',', '"*"', '1', '==', '<'];
    const any = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words)).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(any, (source) => {
        try {
          readCondition(source).answer(pair);
        } catch (error) {
          assert.ok(error instanceof WrongExpression && error.at <= source.length);
        }
      }),
    );
  });
});
