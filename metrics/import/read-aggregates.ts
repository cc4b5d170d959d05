import { examine, refusalOf } from '../../campaign/examine.ts';
import { issuesOf } from '../../campaign/issue.ts';
import type { Aggregates } from '../comparison/aggregates.ts';
import { aggregatesSchema } from './aggregates-schema.ts';

/** The aggregates of a file of YAML; throws INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function readAggregates(content: string | Uint8Array, fileName: string): Aggregates {
  const examined = examine(content, 'file of aggregates', (value) => {
    const parsed = aggregatesSchema.safeParse(value);
    return parsed.success
      ? { value: parsed.data }
      : { issues: issuesOf(parsed.error.issues, value, [], aggregatesSchema) };
  });
  if ('value' in examined) return examined.value;
  throw refusalOf(examined.problems, fileName);
}
