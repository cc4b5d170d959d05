import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { descriptors } from '../injectors/catalogue.ts';

const document = readFileSync(join(import.meta.dirname, 'campaign-file.md'), 'utf8');

/** The rows of the table of mechanisms: the name, and an example of its `intensity`. */
const examples = new Map(
  [...document.matchAll(/^\| `([a-z-]+)` +\| `(\{ .+? \})` +\|/gm)]
    .map(([, name = '', example = '']) => [name, example] as const)
    .filter(([name]) => descriptors.some((descriptor) => descriptor.name === name)),
);

const withParameters = descriptors.filter(({ parameters }) => {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input' });
  return Object.keys(properties).length > 0;
});

test('docs/campaign-file.md has an example for each mechanism that has parameters, and for no other', () => {
  assert.deepEqual([...examples.keys()].sort(), withParameters.map(({ name }) => name).sort());
});

for (const { name, parameters } of withParameters) {
  test(`the example of ${name} is one that the mechanism takes`, () => {
    assert.deepEqual(parameters.safeParse(parse(examples.get(name) ?? '')).error?.issues ?? [], []);
  });
}
