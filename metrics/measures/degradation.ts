import type { Definition } from '../../campaign/definition.ts';
import { some, type Maybe } from './maybe.ts';
import type { Degradation, Percentile, ServiceWindows, WindowMeasures } from './measures.ts';
import { percentile } from './statistics/nearest-rank.ts';

type Tolerance = Definition['tolerance'];

interface GoldenReference {
  readonly l90Us: Percentile;
  readonly throughputPerS: number | 'unknown';
}

/**
 * Worse than before and worse than the golden runs: what changes without a fault too (a ramp of the load) is no degradation, and neither is a trial
 * that was slow from its start. Where one of the two is unknown, the other decides.
 */
export function degradation(
  service: ServiceWindows | undefined,
  golden: GoldenReference | undefined,
  tolerance: Tolerance,
): Omit<Degradation, 'degradedDuring'> {
  const after = service?.after;
  const before = referenceOf(service?.before);
  const latencyFromBefore = isSlower(after, before, tolerance);
  const latencyFromGolden = isSlower(after, golden, tolerance);
  const throughputFromBefore = isLess(after, before, tolerance);
  const throughputFromGolden = isLess(after, golden, tolerance);
  const degraded = some(
    both(latencyFromBefore, latencyFromGolden),
    both(throughputFromBefore, throughputFromGolden),
  );
  return { latencyFromBefore, latencyFromGolden, throughputFromBefore, throughputFromGolden, degraded };
}

/** After the fault, and while it was there, each against the same stretch of the golden runs. */
export function degradationOf(
  service: ServiceWindows | undefined,
  golden: readonly ServiceWindows[],
  tolerance: Tolerance,
): Degradation {
  const afters = goldenReference(golden.map(({ after }) => after));
  const durings = goldenReference(golden.map(({ during }) => during));
  const whileThere = service && { ...service, after: service.during };
  return {
    ...degradation(service, afters, tolerance),
    degradedDuring: degradation(whileThere, durings, tolerance).degraded,
  };
}

/** The median, nearest rank, of the windows after the planned removal; undefined without a golden run. */
function goldenReference(windows: readonly WindowMeasures[]): GoldenReference | undefined {
  if (windows.length === 0) return undefined;
  const l90s = windows.map(({ latency }) => latency.l90Us).filter((l90) => l90 !== 'unknown');
  const l90Us = percentile(
    l90s.map((l90) => (l90 === 'failed' ? Infinity : l90)),
    50,
  );
  const throughputs = windows.map(({ throughputPerS }) => throughputPerS);
  return {
    l90Us: l90Us === Infinity ? 'failed' : (l90Us ?? 'unknown'),
    throughputPerS:
      percentile(
        throughputs.filter((found) => found !== 'unknown'),
        50,
      ) ?? 'unknown',
  };
}

function referenceOf(window: WindowMeasures | undefined): GoldenReference | undefined {
  return window && { l90Us: window.latency.l90Us, throughputPerS: window.throughputPerS };
}

function isSlower(
  after: WindowMeasures | undefined,
  reference: GoldenReference | undefined,
  tolerance: Tolerance,
): Maybe {
  const [now, then] = [after?.latency.l90Us ?? 'unknown', reference?.l90Us ?? 'unknown'];
  // What had failed already before cannot be told to have become worse.
  if (now === 'unknown' || then === 'unknown' || then === 'failed') return 'unknown';
  return now === 'failed' || now > then * (1 + tolerance.latency);
}

function isLess(
  after: WindowMeasures | undefined,
  reference: GoldenReference | undefined,
  tolerance: Tolerance,
): Maybe {
  const [now, then] = [after?.throughputPerS ?? 'unknown', reference?.throughputPerS ?? 'unknown'];
  if (now === 'unknown' || then === 'unknown') return 'unknown';
  return now < then * (1 - tolerance.throughput);
}

function both(a: Maybe, b: Maybe): Maybe {
  if (a === 'unknown') return b;
  return b === 'unknown' ? a : a && b;
}
