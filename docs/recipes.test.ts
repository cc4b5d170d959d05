import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCampaign } from '../campaign/read.ts';

const recipes = [
  ...readFileSync(join(import.meta.dirname, 'recipes.md'), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm),
].map(([, yaml = '']) => yaml);

/** The least that a campaign has beside its faultload. */
const around = `version: 1
name: recipe
seed: 1
system: { name: any, healthy: { within: 10s } }
workload: { host: tester, http: { url: "http://198.19.0.1/", load: { shape: flat, rate: 1/s } } }
timeline: { warmUp: 0s, before: 5s, during: 5s, after: 5s }
repetitions: 1
faultload:
`;

test('there are recipes to look at', () => {
  assert.ok(recipes.length > 10);
});

for (const recipe of recipes) {
  const names = [...recipe.matchAll(/^- name: (.*)$/gm)].map(([, name]) => name);
  test(`the recipe ${names.join(' and ')} is read as the faults of a campaign`, () => {
    const { faultload } = readCampaign(around + recipe, 'recipes.md', { allowSubstitute: true });
    assert.deepEqual(
      faultload.map(({ name }) => name),
      names,
    );
  });
}
