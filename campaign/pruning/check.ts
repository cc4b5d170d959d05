import { z } from 'zod';
import type { Issue } from '../issue.ts';
import { untilPolicy } from '../sequential/until.ts';
import { readCondition, readKey } from './expression.ts';
import { WrongExpression } from './wrong-expression.ts';

/** What policies have to be for their expressions to be read, however wrong the rest of the file is. */
const text = z.string().min(1).max(1000).optional().catch(undefined);
const raw = z.looseObject({
  prune: z
    .array(z.looseObject({ policy: text, name: text, filter: text, cluster: text, where: text }).catch({}))
    .catch([])
    .default([]),
});

/** What no schema of one part can see: expressions that cannot be read, and names given twice. */
export function checkPrune(file: unknown): Issue[] {
  const parsed = raw.safeParse(file);
  if (!parsed.success) return [];
  const issues: Issue[] = [];
  const names = new Map<string, number>();
  for (const [index, { policy, name = policy, filter, cluster, where }] of parsed.data.prune.entries()) {
    const at = ['prune', index];
    if (name === untilPolicy)
      issues.push({
        path: [...at, 'name'],
        message: `is "${name}", by which the results call what until has left out`,
      });
    const first = name === undefined ? undefined : names.get(name);
    if (name !== undefined && first === undefined) names.set(name, index);
    if (name !== undefined && first !== undefined) {
      const message = `is "${name}", the name of prune[${first}]; it must be unique`;
      issues.push({ path: [...at, policy === name ? 'policy' : 'name'], message });
    }
    issues.push(
      ...problemOf([...at, 'filter'], filter, readCondition),
      ...problemOf([...at, 'cluster'], cluster, readKey),
      ...problemOf([...at, 'where'], where, readCondition),
    );
  }
  return issues;
}

function problemOf(
  path: Issue['path'],
  source: string | undefined,
  read: (source: string) => unknown,
): Issue[] {
  if (source === undefined) return [];
  try {
    read(source);
    return [];
  } catch (error) {
    if (!(error instanceof WrongExpression)) throw error;
    return [{ path, message: `is no expression: ${error.message}`, within: error.at }];
  }
}
