import { writeFileSync } from 'node:fs';
import { campaignJsonSchema } from './json-schema.ts';
import { scheduleJsonSchema } from './schedule/json-schema.ts';

for (const [name, schema] of [
  ['campaign', campaignJsonSchema()],
  ['schedule', scheduleJsonSchema()],
] as const) {
  const file = new URL(`../docs/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`);
}
