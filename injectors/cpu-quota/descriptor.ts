import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import type { Descriptor } from '../descriptor.ts';

/** The kernel takes no quota below 1 ms, and no period outside of 1 ms to 1 s; below 10 ms its own accounting would be the load. */
const smallestQuotaUs = 1_000;
const smallestPeriodUs = 10_000;
const largestPeriodUs = 1_000_000;

/** More CPUs than any machine has are a slip of the pen, not a cut. */
const largestPercent = 100_000;

const share = z
  .string()
  .refine(isShare, 'must be a percentage of one CPU above "0%", such as "10%" or "150%"')
  .default('10%')
  .describe(
    'CPU time that the container may still use, in percent of one CPU: "1%" to "100000%", with decimals ("250%" is two and a half CPUs). It must be less than what it may use now.',
  );

const period = z
  .string()
  .refine(isPeriod, 'must be a duration from "10ms" to "1s"')
  .default('100ms')
  .describe(
    'How often the kernel hands out that share, as a duration with its unit: "10ms" to "1s". The container runs at the start of each period and then stands still.',
  );

const parameters = z.strictObject({ share, period }).refine(leavesQuota, {
  path: ['share'],
  message: 'leaves less than 1 ms in each period, the least that the kernel takes; ask for a longer period',
});

export type CpuQuotaParameters = z.infer<typeof parameters>;

export const cpuQuota: Descriptor<CpuQuotaParameters> = {
  name: 'cpu-quota',
  summary: "Cuts the container's CPU quota, so that it has to wait in every period.",
  serves: [{ cell: 'virtual.cpu.delay', targets: ['container', 'vm'], vmsMetFrom: ['outside'] }],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'throttled period',
};

/** What the kernel is to be told. */
export function limitOf({ share, period }: CpuQuotaParameters): { quotaUs: number; periodUs: number } {
  const periodUs = parseDurationUs(period) ?? Number.NaN;
  return { quotaUs: Math.round((percentOf(share) / 100) * periodUs), periodUs };
}

function percentOf(text: string): number {
  return /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
}

function isShare(text: string): boolean {
  const percent = percentOf(text);
  return percent > 0 && percent <= largestPercent;
}

function isPeriod(text: string): boolean {
  const us = parseDurationUs(text) ?? 0;
  return us >= smallestPeriodUs && us <= largestPeriodUs;
}

function leavesQuota(given: { share: string; period: string }): boolean {
  return limitOf(given).quotaUs >= smallestQuotaUs;
}
