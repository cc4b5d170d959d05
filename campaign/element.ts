import type { HostInventory } from './inventory.ts';
import type { TargetName } from './plan.ts';
import { selectTargets, type Selector } from './select.ts';

/** What several hosts, or several parts of one, are attached to: where it fails, it fails for all of them at once. */
export interface Element {
  readonly name: string;
  /** Of what is attached to it. */
  readonly kind: 'nic' | 'disk';
  /** Each of them finds something, or the element is not what it is said to be. */
  readonly attached: readonly Selector[];
}

/** All that is attached to an element, each once. Never empty: throws as `selectTargets` does, where a part of it finds nothing, too. */
export function targetsOf(
  { attached }: Element,
  inventory: readonly HostInventory[],
  seed: number,
): TargetName[] {
  const found = attached.flatMap((selector) => selectTargets(selector, inventory, seed));
  const byName = new Map(found.map((target) => [`${target.host} ${target.name}`, target]));
  return [...byName]
    .toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, target]) => target);
}
