import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parametersOption } from './parameters-option.ts';

for (const [text, parameters] of [
  ['{}', {}],
  ['{ delay: 300ms }', { delay: '300ms' }],
  ['delay: 300ms', { delay: '300ms' }],
  ['{ part: payload, checksum: silent, bits: 2 }', { part: 'payload', checksum: 'silent', bits: 2 }],
  ['{"part":"payload","bits":2}', { part: 'payload', bits: 2 }],
  ["{ ports: ['53', 8000-8010] }", { ports: ['53', '8000-8010'] }],
] as const) {
  test(`--with ${text} is ${JSON.stringify(parameters)}`, () => {
    assert.deepEqual(JSON.parse(parametersOption(text)), parameters);
  });
}

for (const text of ['', '300ms', '[delay, 300ms]', '{ delay: 300ms', '{ delay: 1ms, delay: 2ms }', '~']) {
  test(`--with "${text}" is refused with an example of what is allowed`, () => {
    assert.throws(() => parametersOption(text), {
      code: 'INVALID_INPUT',
      message: /^--with is ".*": .+; it has to be a mapping.*\{ delay: 300ms/,
      remedy: /ordeal faults <mechanism>/,
    });
  });
}
