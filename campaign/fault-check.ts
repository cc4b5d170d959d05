import { z } from 'zod';
import { issuesOf, type Issue } from './issue.ts';
import { cell, mechanism, mode } from './fault-schema.ts';
import { chooseMechanism, type Substitutes } from './mechanism.ts';
import { target } from './target-schema.ts';

/** What a fault has to be for its parts to be checked against each other, however wrong the rest of it is. */
const raw = z.looseObject({
  name: z.string().optional().catch(undefined),
  intensity: z.record(z.string(), z.unknown()).catch({}).default({}),
});

/** What no schema of one part can see: whether the mechanism serves the cell, its parameters, its modes, names given twice. */
export function checkFaultload(
  faultload: unknown,
  substitutes: Substitutes,
): { issues: Issue[]; settled: Settled[] } {
  const issues: Issue[] = [];
  const settled: Settled[] = [];
  const names = new Map<string, number>();
  for (const [index, given] of (Array.isArray(faultload) ? faultload : []).entries()) {
    const parsed = raw.safeParse(given);
    if (!parsed.success) continue;
    const at = ['faultload', index];
    const { name, intensity } = parsed.data;
    const first = name === undefined ? undefined : names.get(name);
    if (name !== undefined && first === undefined) names.set(name, index);
    if (first !== undefined) {
      issues.push({
        path: [...at, 'name'],
        message: `is "${name ?? ''}", the name of faultload[${first}]; it must be unique`,
      });
    }
    issues.push(...checkOnRestart(parsed.data, at));
    const choice = choose(parsed.data, substitutes);
    if (choice === undefined) continue;
    if ('wrong' in choice) {
      issues.push({ path: [...at, choice.wrong], message: choice.because });
      continue;
    }
    const { descriptor } = choice;
    const parameters = descriptor.parameters.safeParse(intensity);
    if (parameters.success) settled[index] = { mechanism: descriptor.name, parameters: parameters.data };
    else
      issues.push(
        ...issuesOf(parameters.error.issues, intensity, [...at, 'intensity'], descriptor.parameters),
      );
    const wanted = mode.safeParse(parsed.data['mode']);
    if (wanted.success && !descriptor.modes.includes(wanted.data.kind)) {
      const offered = descriptor.modes.map((kind) => modeKeys[kind]).join(', ');
      issues.push({
        path: [...at, 'mode'],
        message: `is ${modeKeys[wanted.data.kind]}; ${descriptor.name} offers: ${offered}`,
      });
    }
  }
  return { issues, settled };
}

/** Whatever else is a target has nothing that takes its place. */
function checkOnRestart(given: z.infer<typeof raw>, at: readonly (string | number)[]): Issue[] {
  const to = target.safeParse(given['target']);
  if (given['onRestart'] !== 'follow' || !to.success || to.data.kind === 'container') return [];
  const message = `is follow, and the target is a ${to.data.kind}: only a fault on a container can follow`;
  return [{ path: [...at, 'onRestart'], message }];
}

export interface Settled {
  readonly mechanism: string;
  readonly parameters: unknown;
}

/** As the file calls them. */
const modeKeys = { permanent: 'permanent', probabilistic: 'share', oneIn: 'oneIn', burst: 'burst' } as const;

function choose(given: z.infer<typeof raw>, substitutes: Substitutes) {
  const of = cell.safeParse(given['cell']);
  const named = mechanism.optional().safeParse(given['mechanism']);
  const to = target.safeParse(given['target']);
  if (!of.success || !named.success || !to.success) return undefined;
  return chooseMechanism(of.data, named.data, to.data.kind, substitutes);
}
