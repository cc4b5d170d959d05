import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { networkInterface } from '../network-interface.ts';
import { packetFilter } from '../packet-filter.ts';

/** Which way the frames go that a fault is about, by what it is called on. */
export function directionParameter(usual: 'out' | 'both') {
  return z
    .enum(['out', 'in', 'both'])
    .default(usual)
    .describe(
      `Which frames, seen from the interface: "out" what it sends, "in" what it receives, "both". By default ${usual}.`,
    );
}

/** The parameters of every mechanism of the module for networks, beside its direction. */
export const frameParameters = { interface: networkInterface, ...packetFilter };

/** How many frames may wait at a time: what comes on top passes at once, or is dropped by whoever sends. */
export const heldLimit = z
  .int()
  .min(1)
  .max(1_000_000)
  .default(65_536)
  .describe('How many frames may be held at a time, 1 to 1000000; the effects say when it was reached.');

/** The fault model's own limit; a frame that waits longer is none that its sender still waits for. */
const longestUs = 10_000_000;

export function durationParameter({
  leastUs,
  usual,
  what,
}: {
  leastUs: number;
  usual: string;
  what: string;
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
