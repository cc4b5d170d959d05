import { z } from 'zod';
import { descriptors } from '../injectors/catalogue.ts';
import { campaignSchema } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * What editors complete and check a campaign file by. The intensity is that of the mechanism which is named; the rest of what makes a
 * file valid (whether a mechanism serves the cell, say) only `ordeal campaign validate` sees.
 */
export function campaignJsonSchema(): Json {
  const file = jsonOf(campaignSchema);
  const faultload = objectAt(objectAt(file, 'properties'), 'faultload');
  const fault = objectAt(faultload, 'items');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'An Ordeal campaign',
    ...file,
    properties: {
      ...objectAt(file, 'properties'),
      faultload: { ...faultload, items: { ...fault, allOf: descriptors.map(intensityOf) } },
    },
  };
}

function intensityOf({ name, parameters }: (typeof descriptors)[number]): Json {
  const intensity = jsonOf(parameters);
  return {
    if: { properties: { mechanism: { const: name } }, required: ['mechanism'] },
    then: { properties: { intensity, intensities: { items: { properties: { intensity } } } } },
  };
}

function jsonOf(schema: z.ZodType): Json {
  const json = Object.entries(z.toJSONSchema(schema, { io: 'input' }));
  // It belongs to the whole document only.
  return Object.fromEntries(json.filter(([key]) => key !== '$schema'));
}

function objectAt(json: Json, key: string): Json {
  return z.record(z.string(), z.unknown()).parse(json[key]);
}
