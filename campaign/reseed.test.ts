import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Campaign } from './campaign.ts';
import { readCampaign } from './read.ts';
import { reseed } from './reseed.ts';

const text = readFileSync(new URL('../campaigns/quickstart.yaml', import.meta.url), 'utf8');

function campaignIn(text: string): Campaign {
  return readCampaign(text, 'it.yaml', { allowSubstitute: true });
}

test('a campaign with another seed differs in its seed alone', () => {
  const seed = 4_294_967_295;
  assert.deepEqual(campaignIn(reseed(text, seed)), { ...campaignIn(text), seed });
});

test('a seed is replaced where it stands, and what is written beside it stays', () => {
  assert.equal(reseed('a: 1\nseed: 12 # why\nb: 2\n', 7), 'a: 1\nseed: 7 # why\nb: 2\n');
  assert.equal(reseed('{ seed: 12, b: { seed: 3 } }', 7), '{ seed: 7, b: { seed: 3 } }');
});
