import { outcomes } from '../../events/sample-columns.ts';
import type { Instants } from '../measures/measures.ts';
import type { ClockedSamples } from './series.ts';

/**
 * The latencies of many requests in logarithmic bins: bounded in size, and those of several trials can be put together. It is there to be
 * looked at; no verdict rests on it.
 */
export interface Distribution {
  readonly answered: number;
  readonly failed: number;
  /** How many latencies are in which bin. */
  readonly bins: ReadonlyMap<number, number>;
}

export const windowNames = ['before', 'during', 'after'] as const;

/** Of the requests by the instant of their intended send. */
export type WindowDistributions = Readonly<Record<(typeof windowNames)[number], Distribution>>;

/** Each is 5% wide: less than can be seen where five decades share a page. */
const binsPerDecade = 48;
const okCode = outcomes.indexOf('ok');

export function distributionsOf(
  batches: readonly ClockedSamples[],
  { startUs, injectUs, removeUs, endUs }: Instants,
): WindowDistributions {
  const latencies: Record<(typeof windowNames)[number], number[]> = { before: [], during: [], after: [] };
  for (const { columns, toReferenceUs } of batches) {
    const { intendedUs, answeredUs, outcome } = columns;
    for (const [row, intended] of intendedUs.entries()) {
      const atUs = toReferenceUs(intended);
      if (atUs < startUs || atUs > endUs) continue;
      const latencyUs = outcome[row] === okCode ? (answeredUs[row] ?? Infinity) - intended : Infinity;
      latencies[atUs < injectUs ? 'before' : atUs < removeUs ? 'during' : 'after'].push(latencyUs);
    }
  }
  return {
    before: distributionOf(latencies.before),
    during: distributionOf(latencies.during),
    after: distributionOf(latencies.after),
  };
}

/** Infinity is a request that failed. */
export function distributionOf(latenciesUs: readonly number[]): Distribution {
  const bins = new Map<number, number>();
  let failed = 0;
  for (const us of latenciesUs) {
    if (us === Infinity) failed += 1;
    else {
      const bin = Math.floor(Math.log10(Math.max(us, 1)) * binsPerDecade);
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
  }
  return { answered: latenciesUs.length - failed, failed, bins };
}

/** All requests of several, each counted once. */
export function together(distributions: readonly Distribution[]): Distribution {
  const bins = new Map<number, number>();
  for (const one of distributions) {
    for (const [bin, count] of one.bins) bins.set(bin, (bins.get(bin) ?? 0) + count);
  }
  return {
    answered: distributions.reduce((sum, { answered }) => sum + answered, 0),
    failed: distributions.reduce((sum, { failed }) => sum + failed, 0),
    bins,
  };
}

/** By nearest rank, to within half a bin; Infinity where the rank falls on a failed request, undefined where there is none at all. */
export function quantile({ answered, failed, bins }: Distribution, share: number): number | undefined {
  const total = answered + failed;
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * total));
  let counted = 0;
  for (const bin of [...bins.keys()].sort((a, b) => a - b)) {
    counted += bins.get(bin) ?? 0;
    if (counted >= rank) return 10 ** ((bin + 0.5) / binsPerDecade);
  }
  return Infinity;
}

export function failedShare({ answered, failed }: Distribution): number | undefined {
  return answered + failed === 0 ? undefined : failed / (answered + failed);
}
