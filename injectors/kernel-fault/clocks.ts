import { z } from 'zod';
import { parseLines } from './status.ts';

/** How the kernel's clock for faults, CLOCK_BOOTTIME, stands to the one of this process, CLOCK_MONOTONIC: ahead by the time the host slept. */
export interface Clocks {
  readonly aheadNs: bigint;
}

const instant = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));
const schema = z.object({ boottime_ns: instant, monotonic_ns: instant });

/** Of the attribute `clocks`, which reads all clocks at one instant. */
export function parseClocks(text: string): Clocks {
  const { boottime_ns, monotonic_ns } = schema.parse(parseLines(text));
  return { aheadNs: boottime_ns - monotonic_ns };
}

export function toMonotonicUs(boottimeNs: bigint, { aheadNs }: Clocks): number {
  return Number((boottimeNs - aheadNs) / 1000n);
}

export function toBoottimeNs(monotonicUs: number, { aheadNs }: Clocks): bigint {
  return BigInt(Math.round(monotonicUs)) * 1000n + aheadNs;
}
