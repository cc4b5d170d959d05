import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Campaign } from './campaign.ts';
import { readCampaign } from './read.ts';

// What tests of campaign files read: a good one, and how to break it.

export const good = readFileSync(new URL('../test/campaigns/five-faults.yaml', import.meta.url), 'utf8');

export function campaignIn(text: string): Campaign {
  return readCampaign(text, 'a.yaml', { allowSubstitute: true });
}

/** The good file with one part replaced. */
export function broken(part: string | RegExp, by: string): string {
  const text = good.replace(part, by);
  assert.notEqual(text, good, `${part} is in the file`);
  return text;
}
