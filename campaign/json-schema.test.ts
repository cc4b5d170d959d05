import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { campaignJsonSchema } from './json-schema.ts';
import { readCampaign } from './read.ts';

test('docs/campaign.schema.json is current (npm run build:schema writes it)', () => {
  const written: unknown = JSON.parse(
    readFileSync(new URL('../docs/campaign.schema.json', import.meta.url), 'utf8'),
  );
  assert.deepEqual(written, JSON.parse(JSON.stringify(campaignJsonSchema())));
});

test('every example is valid and tells editors of the schema', () => {
  const folder = new URL('../campaigns/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  assert.ok(files.includes('quickstart.yaml'));
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    assert.equal(readCampaign(text, file, { allowSubstitute: true }).name, file.replace('.yaml', ''));
    assert.match(text, /^# yaml-language-server: \$schema=\.\.\/docs\/campaign\.schema\.json\n/);
  }
});
