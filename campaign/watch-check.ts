import { z } from 'zod';
import type { Issue } from './issue.ts';
import { nearest } from '../errors/nearest.ts';

/** What watches and rules have to be for their names to be compared, however wrong the rest of the file is. */
const named = z.looseObject({ name: z.string() });
const reading = z.looseObject({ source: z.string() });
const raw = z.looseObject({
  watch: z.array(z.unknown()).catch([]).default([]),
  rules: z.array(z.unknown()).catch([]).default([]),
});

/** What no schema of one part can see: a name given twice, a rule that reads what nothing watches. */
export function checkWatches(file: unknown): Issue[] {
  const parsed = raw.safeParse(file);
  if (!parsed.success) return [];
  const { watch, rules } = parsed.data;
  const issues: Issue[] = [];
  const indexByName = new Map<string, number>();
  for (const [index, given] of watch.entries()) {
    const one = named.safeParse(given);
    if (!one.success) continue;
    const { name } = one.data;
    const first = indexByName.get(name);
    if (first === undefined) indexByName.set(name, index);
    else {
      const message = `is "${name}", the name of watch[${first}]; it must be unique`;
      issues.push({ path: ['watch', index, 'name'], message });
    }
  }
  for (const [index, given] of rules.entries()) {
    const one = reading.safeParse(given);
    if (!one.success || one.data.source === '' || indexByName.has(one.data.source)) continue;
    const message = unknownSource(one.data.source, [...indexByName.keys()]);
    issues.push({ path: ['rules', index, 'source'], message });
  }
  return issues;
}

function unknownSource(source: string, names: readonly string[]): string {
  if (names.length === 0) return `is "${source}", but the file watches nothing: there is no "watch"`;
  const near = nearest(source, names);
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  return `is "${source}", which is not the name of a watch${meant} (there are: ${names.join(', ')})`;
}
