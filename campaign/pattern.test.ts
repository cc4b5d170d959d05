import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matches } from './pattern.ts';

test('a pattern means what the same regular expression does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (glob, name) => {
      const expression = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      assert.equal(matches(glob, name), expression.test(name));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern of many stars takes no time', () => {
  const began = performance.now();
  assert.equal(matches(`${'*a'.repeat(100)}b`, 'a'.repeat(5000)), false);
  assert.ok(performance.now() - began < 100);
});
