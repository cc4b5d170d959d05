import { OrdealError } from '../errors/ordeal-error.ts';
import type { Campaign } from './campaign.ts';
import type { HostInventory } from './inventory.ts';
import type { Plan } from './plan.ts';

/**
 * Takes every choice that the campaign leaves open. Throws NO_TARGET, PROTECTED_TARGET, UNSUPPORTED or INVALID_INPUT with all
 * that stands against it. The same campaign and inventory, its hosts in any order, give the same plan.
 */
export function compile(campaign: Campaign, inventory: readonly HostInventory[]): Plan {
  throw new OrdealError('INTERNAL', `not written yet (${campaign.name}, ${inventory.length})`);
}
