import { writeFileSync } from 'node:fs';
import { campaignJsonSchema } from './json-schema.ts';

const file = new URL('../docs/campaign.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(campaignJsonSchema(), undefined, 2)}\n`);
