import { z } from 'zod';
import type { Descriptor } from '../injectors/descriptor.ts';
import type { Mode } from '../injectors/mode.ts';
import type { TargetKind } from '../injectors/target.ts';
import type { Element } from './element.ts';
import { cell, mechanism, mode } from './fault-schema.ts';
import { issuesOf, type Issue } from './issue.ts';
import { chooseMechanism, type Substitutes } from './mechanism.ts';
import { target } from './target-schema.ts';
import type { Path } from './yaml-text.ts';

const parameters = z.record(z.string(), z.unknown());

/** What a fault has to be for its parts to be checked against each other, however wrong the rest of it is. */
const raw = z.looseObject({
  name: z.string().optional().catch(undefined),
  intensity: parameters.catch({}).default({}),
  intensities: z
    .array(z.looseObject({ name: z.string().catch(''), intensity: parameters.optional().catch({}) }))
    .optional()
    .catch(undefined),
});
type Raw = z.infer<typeof raw>;

/** A fault at one of its intensities. */
export interface Settled {
  readonly mechanism: string;
  readonly intensity?: string;
  readonly parameters: unknown;
  /** In place of the fault's. */
  readonly mode?: Mode;
}

/** What no schema of one part can see: whether the mechanism serves the cell, its parameters, its modes, names given twice. */
export function checkFaultload(
  faultload: unknown,
  elements: ReadonlyMap<string, Element>,
  substitutes: Substitutes,
): { issues: Issue[]; settled: (readonly Settled[])[] } {
  const issues: Issue[] = [];
  const settled: (readonly Settled[])[] = [];
  const names = new Map<string, number>();
  for (const [index, given] of (Array.isArray(faultload) ? faultload : []).entries()) {
    const parsed = raw.safeParse(given);
    if (!parsed.success) continue;
    const at = ['faultload', index];
    const { name } = parsed.data;
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
    const found = settle(parsed.data, choice.descriptor, at);
    issues.push(...found.issues, ...checkMode(parsed.data['mode'], choice.descriptor, at));
    settled[index] = found.settled;
  }
  return { issues, settled };
}

/** Each intensity of a fault, or the one that it has. */
function settle(
  { intensity, intensities }: Raw,
  descriptor: Descriptor,
  at: Path,
): { issues: Issue[]; settled: Settled[] } {
  const { name: mechanism } = descriptor;
  if (intensities === undefined) {
    const read = readParameters(intensity, descriptor, [...at, 'intensity']);
    return 'issues' in read
      ? { issues: read.issues, settled: [] }
      : { issues: [], settled: [{ mechanism, parameters: read.parameters }] };
  }
  const issues: Issue[] = [];
  const settled = intensities.flatMap((own, index): Settled[] => {
    const here = [...at, 'intensities', index];
    const first = intensities.findIndex(({ name }) => name === own.name);
    if (first < index && own.name !== '')
      issues.push({
        path: [...here, 'name'],
        message: `is "${own.name}", the name of intensities[${first}]; it must be unique in the fault`,
      });
    issues.push(...checkMode(own['mode'], descriptor, here));
    const read =
      own.intensity === undefined
        ? readParameters(intensity, descriptor, [...at, 'intensity'])
        : readParameters(own.intensity, descriptor, [...here, 'intensity']);
    if ('issues' in read) {
      issues.push(...read.issues);
      return [];
    }
    const wanted = mode.safeParse(own['mode']);
    const ownMode = own['mode'] !== undefined && wanted.success ? { mode: wanted.data } : {};
    return [{ mechanism, intensity: own.name, parameters: read.parameters, ...ownMode }];
  });
  return { issues, settled };
}

function readParameters(
  given: unknown,
  descriptor: Descriptor,
  at: Path,
): { readonly parameters: unknown } | { readonly issues: Issue[] } {
  const read = descriptor.parameters.safeParse(given);
  if (read.success) return { parameters: read.data };
  return { issues: issuesOf(read.error.issues, given, at, descriptor.parameters) };
}

function checkMode(given: unknown, { name, modes }: Descriptor, at: Path): Issue[] {
  const wanted = mode.safeParse(given);
  if (!wanted.success || modes.includes(wanted.data.kind)) return [];
  const offered = modes.map((kind) => modeKeys[kind]).join(', ');
  const message = `is ${modeKeys[wanted.data.kind]}; ${name} offers: ${offered}`;
  return [{ path: [...at, 'mode'], message }];
}

/** Whatever else is a target has nothing that takes its place. */
function checkOnRestart(given: Raw, elements: ReadonlyMap<string, Element>, at: Path): Issue[] {
  const kind = kindOf(given, elements);
  if (given['onRestart'] !== 'follow' || kind === undefined || kind === 'container') return [];
  const message = `is follow, and the target is a ${kind}: only a fault on a container can follow`;
  return [{ path: [...at, 'onRestart'], message }];
}

/** As the file calls them. */
const modeKeys = { permanent: 'permanent', probabilistic: 'share', oneIn: 'oneIn', burst: 'burst' } as const;

function choose(given: Raw, elements: ReadonlyMap<string, Element>, substitutes: Substitutes) {
  const of = cell.safeParse(given['cell']);
  const named = mechanism.optional().safeParse(given['mechanism']);
  const kind = kindOf(given, elements);
  if (!of.success || !named.success || kind === undefined) return undefined;
  return chooseMechanism(of.data, named.data, kind, substitutes);
}

/** Of what the target is, itself or as what is attached to an element; undefined where that is wrong, or not known. */
function kindOf(given: Raw, elements: ReadonlyMap<string, Element>): TargetKind | undefined {
  const to = target.safeParse(given['target']);
  if (!to.success) return undefined;
  return 'element' in to.data ? elements.get(to.data.element)?.kind : to.data.kind;
}
