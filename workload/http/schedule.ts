import { type Load, ratePerS } from './options.ts';

/** A stretch of the load in which the rate goes evenly from one value to another. */
interface Stretch {
  readonly seconds: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The intended sends, in microseconds from the start, fixed before the first of them. The n-th (from 0) is where the integral of the rate
 * reaches n, so the spacing is constant where the rate is, and the sends before any instant are as many as the shape says.
 */
export function schedule(load: Load, durationUs: number): Float64Array {
  const stretches = stretchesOf(load, durationUs / 1e6);
  const total = stretches.reduce((sum, one) => sum + area(one), 0);
  // Rounding must not lose or invent a request at the very end.
  const sends = new Float64Array(Math.ceil(total - 1e-6));
  let begins = 0;
  let before = 0;
  let next = 0;
  for (const one of stretches) {
    const after = before + area(one);
    for (; next < sends.length && next < after - 1e-9; next += 1) {
      sends[next] = Math.round((begins + secondsUntil(one, next - before)) * 1e6);
    }
    begins += one.seconds;
    before = after;
  }
  return sends;
}

function stretchesOf(load: Load, seconds: number): Stretch[] {
  if (load.shape === 'flat') return [{ seconds, from: ratePerS(load.rate), to: ratePerS(load.rate) }];
  const [from, to] = [ratePerS(load.from), ratePerS(load.to)];
  if (load.shape === 'ramp') return [{ seconds, from, to }];
  const { steps } = load;
  return Array.from({ length: steps }, (_, step) => {
    const rate = from + ((to - from) * step) / (steps - 1);
    return { seconds: seconds / steps, from: rate, to: rate };
  });
}

function area({ seconds, from, to }: Stretch): number {
  return (seconds * (from + to)) / 2;
}

/** When the integral of the rate from the beginning of the stretch is so many requests. */
function secondsUntil({ seconds, from, to }: Stretch, requests: number): number {
  const slope = (to - from) / seconds;
  // The root of slope/2 t^2 + from t = requests, in the form that also holds for a slope of 0.
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * requests));
  return requests <= 0 ? 0 : (2 * requests) / (from + root);
}
