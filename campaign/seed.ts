import { createHash } from 'node:crypto';

/**
 * The seed of one thing within a campaign: the first 32 bits, big-endian, of SHA-256 over `<campaign's seed>/<purpose>/<number>`. It does not
 * depend on the rest of the faultload, so that a trial keeps its seed when another fault is added.
 */
export function seedFor(campaignSeed: number, purpose: string, number: number): number {
  return createHash('sha256').update(`${campaignSeed}/${purpose}/${number}`).digest().readUInt32BE(0);
}
