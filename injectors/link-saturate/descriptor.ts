import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { parseByteSize } from '../byte-size.ts';
import type { Descriptor } from '../descriptor.ts';
import { laneParameters } from '../lane/parameters.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';

const substituteBecause =
  'It narrows the link before the driver, so that packets wait as they do on one that is full. The fault model asks for frames delayed before the driver whatever the load: here none waits while less is sent than the rate, and those that find the queue full are dropped. What bypasses the queue of the interface (AF_XDP, DPDK, SR-IOV) is not touched.';

const kbit = 1_000;
const slowest = 8 * kbit;
const fastest = 100_000_000 * kbit;

/** tc keeps sizes in 32 bits; a bucket of this size is emptied in a millisecond at the highest rate. */
const largestBurst = 64 * 1024 * 1024;
const smallestBurst = 100;
const shortestWaitUs = 1_000;
const longestWaitUs = 10_000_000;

const rate = z
  .string()
  .refine(isRate, 'must be a rate from "8kbit/s" to "100Gbit/s", such as "10Mbit/s"')
  .default('1Mbit/s')
  .describe('What is left of the link: "8kbit/s" to "100Gbit/s", with decimals ("1.5Mbit/s").');

const burst = z
  .string()
  .refine(isBurst, 'must be a size from "100B" to "64MiB", such as "16KiB"')
  .default('16KiB')
  .describe(
    'How much may pass at once after a pause, as a size in B, kB, KiB, MB or MiB: "100B" to "64MiB", and no less than the largest packet of the interface.',
  );

const latency = z
  .string()
  .refine(isWait, 'must be a duration from "1ms" to "10s"')
  .default('400ms')
  .describe(
    'How long a packet waits at the most, as a duration with its unit: "1ms" to "10s". What would wait longer finds the queue full and is dropped.',
  );

const parameters = z
  .strictObject({ rate, burst, latency, ...laneParameters })
  .refine(filterMakesSense, senselessFilter);

export type LinkSaturateParameters = z.infer<typeof parameters>;

export const linkSaturate: Descriptor<LinkSaturateParameters> = {
  name: 'link-saturate',
  summary:
    'Narrows one direction of a network interface to a rate, by a token bucket: packets queue as on a link that is full.',
  serves: [
    { cell: 'physical.network.delay', targets: ['nic'], substituteBecause },
    { cell: 'virtual.network.delay', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'deadline',
  effectUnit: 'time that the queue had to wait',
};

/** What the kernel is to be told. */
export interface Bucket {
  readonly bitsPerSecond: number;
  readonly burstBytes: number;
  readonly waitUs: number;
}

export function bucketOf({ rate, burst, latency }: LinkSaturateParameters): Bucket {
  return {
    bitsPerSecond: bitsOf(rate),
    burstBytes: parseByteSize(burst) ?? Number.NaN,
    waitUs: parseDurationUs(latency) ?? Number.NaN,
  };
}

const bits: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

function bitsOf(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kMG]?)bit\/s$/.exec(text) ?? [];
  return Math.round(Number(number) * (bits[unit] ?? Number.NaN));
}

function isRate(text: string): boolean {
  return bitsOf(text) >= slowest && bitsOf(text) <= fastest;
}

function isBurst(text: string): boolean {
  const bytes = parseByteSize(text) ?? 0;
  return bytes >= smallestBurst && bytes <= largestBurst;
}

function isWait(text: string): boolean {
  const us = parseDurationUs(text) ?? 0;
  return us >= shortestWaitUs && us <= longestWaitUs;
}
