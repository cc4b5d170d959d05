import { OrdealError } from '../errors/ordeal-error.ts';
import type { TargetKind } from '../injectors/target.ts';
import type { HostInventory } from './inventory.ts';
import type { TargetName } from './plan.ts';

/** Which targets are meant. In a pattern, `*` stands for any characters. */
export interface Selector {
  /** A pattern of host names. */
  readonly host: string;
  /** Only hosts that carry all of these. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly kind: TargetKind;
  /** A pattern of names; of no meaning for the kind `host`. */
  readonly name: string;
  readonly pick: Pick;
}

/** How many of those that match. A share is rounded up, so that it is never none. */
export type Pick =
  | { readonly kind: 'all' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share'; readonly share: number };

/** Never empty: throws NO_TARGET where nothing matches, PROTECTED_TARGET where something matches that no fault may go to. */
export function selectTargets(
  selector: Selector,
  inventory: readonly HostInventory[],
  seed: number,
): TargetName[] {
  throw new OrdealError('INTERNAL', `not written yet (${selector.name}, ${inventory.length}, ${seed})`);
}

/** The one host that a pattern means; throws NO_TARGET where there is none or more than one. */
export function selectHost(pattern: string, inventory: readonly HostInventory[]): string {
  throw new OrdealError('INTERNAL', `not written yet (${pattern}, ${inventory.length})`);
}
