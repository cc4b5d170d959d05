import { z } from 'zod';
import { nearest } from '../errors/nearest.ts';
import type { Element } from './element.ts';
import { element } from './element-schema.ts';
import type { Issue } from './issue.ts';

/** What elements and targets have to be for their names to be compared, however wrong the rest of the file is. */
const named = z.looseObject({ name: z.string() });
const targeting = z.looseObject({ target: z.looseObject({ element: z.string() }) });
const raw = z.looseObject({
  elements: z.array(z.unknown()).catch([]).default([]),
  faultload: z.array(z.unknown()).catch([]).default([]),
});

/** What no schema of one part can see: a name given twice, a fault of an element that the file does not have. */
export function checkElements(file: unknown): Issue[] {
  const parsed = raw.safeParse(file);
  if (!parsed.success) return [];
  const { elements, faultload } = parsed.data;
  const issues: Issue[] = [];
  const indexByName = new Map<string, number>();
  for (const [index, given] of elements.entries()) {
    const one = named.safeParse(given);
    if (!one.success) continue;
    const first = indexByName.get(one.data.name);
    if (first === undefined) indexByName.set(one.data.name, index);
    else {
      const message = `is "${one.data.name}", the name of elements[${first}]; it must be unique`;
      issues.push({ path: ['elements', index, 'name'], message });
    }
  }
  for (const [index, given] of faultload.entries()) {
    const one = targeting.safeParse(given);
    if (!one.success || indexByName.has(one.data.target.element)) continue;
    const message = unknownElement(one.data.target.element, [...indexByName.keys()]);
    issues.push({ path: ['faultload', index, 'target', 'element'], message });
  }
  return issues;
}

/** Those of a file that are right, by their names. */
export function elementsIn(file: unknown): ReadonlyMap<string, Element> {
  const given = raw.safeParse(file).data?.elements ?? [];
  const read = given.flatMap((one) => element.safeParse(one).data ?? []);
  return new Map(read.map((one) => [one.name, one]));
}

function unknownElement(name: string, names: readonly string[]): string {
  if (names.length === 0) return `is "${name}", but the file has no elements: there is no "elements"`;
  const near = nearest(name, names);
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  return `is "${name}", which is not the name of an element${meant} (there are: ${names.join(', ')})`;
}
