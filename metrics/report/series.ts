import { outcomes, type SampleColumns } from '../../events/sample-columns.ts';

/** What a trial's requests felt like, in bins of equal length by the instant of the intended send. */
export interface Series {
  /** Of the first bin, in the reference clock. */
  readonly fromUs: number;
  /** The last bin may be shorter: it ends here. */
  readonly untilUs: number;
  readonly binUs: number;
  readonly bins: readonly Bin[];
}

export interface Bin {
  readonly sent: number;
  readonly failed: number;
  /** By nearest rank over all requests, where a failed one ranks above every success: Infinity where the rank falls on one. Undefined where nothing was sent. */
  readonly l50Us: number | undefined;
  readonly l90Us: number | undefined;
}

/** Samples, and how the clock of the host that they come from becomes the reference clock. */
export interface ClockedSamples {
  readonly columns: SampleColumns;
  readonly toReferenceUs: (hostUs: number) => number;
}

interface Range {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** As fine as the eye can use on a page. */
const mostBins = 240;
/** Lengths that a reader knows, in microseconds. */
const binLengthsUs = [100e3, 250e3, 500e3, 1e6, 2e6, 5e6, 10e6, 30e6, 60e6, 300e6, 900e6, 3600e6];
const okCode = outcomes.indexOf('ok');

export function seriesOf(batches: readonly ClockedSamples[], { fromUs, untilUs }: Range): Series {
  const lengthUs = Math.max(0, untilUs - fromUs);
  const fits = binLengthsUs.find((binUs) => lengthUs <= binUs * mostBins);
  const binUs = fits ?? Math.ceil(lengthUs / mostBins);
  const latencies = Array.from({ length: Math.ceil(lengthUs / binUs) }, (): number[] => []);
  for (const { columns, toReferenceUs } of batches) {
    const { intendedUs, answeredUs, outcome } = columns;
    for (const [row, intended] of intendedUs.entries()) {
      const atUs = toReferenceUs(intended);
      if (atUs >= untilUs) continue;
      const latencyUs = outcome[row] === okCode ? (answeredUs[row] ?? Infinity) - intended : Infinity;
      latencies[Math.floor((atUs - fromUs) / binUs)]?.push(latencyUs);
    }
  }
  return { fromUs, untilUs, binUs, bins: latencies.map(binOf) };
}

function binOf(latencies: readonly number[]): Bin {
  const sorted = Float64Array.from(latencies).sort();
  return {
    sent: sorted.length,
    failed: sorted.reduce((failed, latency) => failed + (latency === Infinity ? 1 : 0), 0),
    l50Us: nearestRank(sorted, 0.5),
    l90Us: nearestRank(sorted, 0.9),
  };
}

function nearestRank(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.ceil(share * sorted.length) - 1];
}
