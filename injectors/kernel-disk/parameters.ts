import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { sectors } from '../storage/sectors.ts';
import { backedDirectory, diskOfVm } from '../storage/target-disk.ts';

/** The parameters of every mechanism of the module for storage, beside those of its effect. */
export const commandParameters = { sectors, directory: backedDirectory, disk: diskOfVm };

/** Which commands a fault is about. */
export const directionParameter = z
  .enum(['read', 'write', 'both'])
  .default('both')
  .describe('Which commands: those that read, those that write, or both.');

/** The fault model's own limit. */
const longestUs = 10_000_000;

export function durationParameter({
  leastUs,
  usual,
  what,
}: {
  readonly leastUs: number;
  readonly usual: string;
  readonly what: string;
}) {
  const least = `${leastUs}us`;
  return z
    .string()
    .refine((text) => {
      const us = parseDurationUs(text) ?? -1;
      return us >= leastUs && us <= longestUs;
    }, `must be a duration from "${least}" to "10s"`)
    .default(usual)
    .describe(`${what}, as a duration with its unit: "${least}" to "10s".`);
}
