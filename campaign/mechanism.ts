import { OrdealError } from '../errors/ordeal-error.ts';
import type { CellId } from '../injectors/cell.ts';
import type { Descriptor } from '../injectors/descriptor.ts';
import type { TargetKind } from '../injectors/target.ts';
import type { HostInventory } from './inventory.ts';
import type { TargetName } from './plan.ts';

/**
 * What serves a cell on a kind of target: the mechanism that was named, else the cell's own. Throws INVALID_INPUT where there is none, and
 * where only a substitute would serve that nobody asked for by name.
 */
export function mechanismFor(cell: CellId, named: string | undefined, kind: TargetKind): Descriptor {
  throw new OrdealError('INTERNAL', `not written yet (${cell}, ${named ?? ''}, ${kind})`);
}

/** Throws UNSUPPORTED, with the reason and the remedy, where the host of a target cannot do it. */
export function demandSupport(
  mechanism: string,
  targets: readonly TargetName[],
  inventory: readonly HostInventory[],
): void {
  throw new OrdealError('INTERNAL', `not written yet (${mechanism}, ${targets.length}, ${inventory.length})`);
}
