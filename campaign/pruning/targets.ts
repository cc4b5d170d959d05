import type { FaultPlan } from '../plan.ts';

/** `<host>/<kind>/<name>` of each, once, in alphabetical order. */
export function targetsOf(faults: readonly Pick<FaultPlan, 'targets'>[]): string[] {
  const paths = faults.flatMap(({ targets }) =>
    targets.map(({ host, kind, name }) => `${host}/${kind}/${name}`),
  );
  return [...new Set(paths)].sort();
}
