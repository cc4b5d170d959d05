import { z } from 'zod';
import type { Element } from './element.ts';
import type { TargetKind } from '../injectors/target.ts';
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
  elements: ReadonlyMap<string, Element>,
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
    issues.push(...checkOnRestart(parsed.data, elements, at));
    const choice = choose(parsed.data, elements, substitutes);
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
function checkOnRestart(
  given: z.infer<typeof raw>,
  elements: ReadonlyMap<string, Element>,
  at: readonly (string | number)[],
): Issue[] {
  const kind = kindOf(given, elements);
  if (given['onRestart'] !== 'follow' || kind === undefined || kind === 'container') return [];
  const message = `is follow, and the target is a ${kind}: only a fault on a container can follow`;
  return [{ path: [...at, 'onRestart'], message }];
}

export interface Settled {
  readonly mechanism: string;
  readonly parameters: unknown;
}

/** As the file calls them. */
const modeKeys = { permanent: 'permanent', probabilistic: 'share', oneIn: 'oneIn', burst: 'burst' } as const;

function choose(
  given: z.infer<typeof raw>,
  elements: ReadonlyMap<string, Element>,
  substitutes: Substitutes,
) {
  const of = cell.safeParse(given['cell']);
  const named = mechanism.optional().safeParse(given['mechanism']);
  const kind = kindOf(given, elements);
  if (!of.success || !named.success || kind === undefined) return undefined;
  return chooseMechanism(of.data, named.data, kind, substitutes);
}

/** Of what the target is, itself or as what is attached to an element; undefined where that is wrong, or not known. */
function kindOf(given: z.infer<typeof raw>, elements: ReadonlyMap<string, Element>): TargetKind | undefined {
  const to = target.safeParse(given['target']);
  if (!to.success) return undefined;
  return 'element' in to.data ? elements.get(to.data.element)?.kind : to.data.kind;
}
