import { OrdealError } from '../errors/ordeal-error.ts';
import type { Campaign } from './campaign.ts';
import type { Problem } from './problem.ts';

/** The campaign, or all that is wrong with the file, in the order of its lines. */
export function examineCampaign(
  content: string | Uint8Array,
): { readonly campaign: Campaign } | { readonly problems: readonly Problem[] } {
  throw new OrdealError('INTERNAL', `not written yet (${content.length})`);
}

/** The campaign; throws INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function readCampaign(content: string | Uint8Array, fileName: string): Campaign {
  const examined = examineCampaign(content);
  if ('campaign' in examined) return examined.campaign;
  throw new OrdealError('INVALID_INPUT', fileName);
}
