import { z } from 'zod';
import { nearest } from '../errors/nearest.ts';
import { goldenRuns } from './abort-condition.ts';
import type { Issue } from './issue.ts';

/** What canaries have to be for their names to be looked up, however wrong the rest of the file is. */
const named = z.array(z.looseObject({ name: z.string().optional().catch(undefined) }).catch({})).catch([]);
const raw = z.looseObject({
  faultload: named.default([]),
  combinations: named.default([]),
  slo: z.looseObject({}).catch({}).default({}),
  abort: z
    .looseObject({ canary: z.array(z.string()).catch([]).default([]) })
    .catch({ canary: [] })
    .default({ canary: [] }),
});

/** What no schema of one part can see: a canary that nothing in the file is called, or that nothing is demanded of. */
export function checkAbort(file: unknown): Issue[] {
  const parsed = raw.safeParse(file);
  if (!parsed.success) return [];
  const { faultload, combinations, slo, abort } = parsed.data;
  const names = [...faultload, ...combinations].flatMap(({ name }) => (name === undefined ? [] : [name]));
  const known = [goldenRuns, ...names];
  const path = (index: number): Issue['path'] => ['abort', 'canary', index];
  const strangers = abort.canary.flatMap((name, index): Issue[] => {
    if (known.includes(name)) return [];
    const meant = nearest(name, known);
    const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`;
    return [
      { path: path(index), message: `is "${name}", which no fault and no combination is called; ${hint}` },
    ];
  });
  if (strangers.length > 0 || abort.canary.length === 0 || Object.keys(slo).length > 0) return strangers;
  const message = 'needs an slo: where nothing is demanded, no trial can miss it';
  return [{ path: ['abort', 'canary'], message }];
}
