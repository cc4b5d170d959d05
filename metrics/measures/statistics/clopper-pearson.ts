import { crossing } from './crossing.ts';
import type { Interval } from './interval.ts';
import { logChoose } from './log-choose.ts';

/** The exact 95% interval of k of n: every share under which neither so many nor so few would be a surprise of 2.5%. */
export function clopperPearson(k: number, n: number, alpha = 0.05): Interval {
  const atLeast = (share: number): number => tail(n, k, n, share);
  const atMost = (share: number): number => tail(n, 0, k, share);
  return {
    low: k === 0 ? 0 : crossing((share) => atLeast(share) < alpha / 2),
    high: k === n ? 1 : crossing((share) => atMost(share) > alpha / 2),
  };
}

/** The probability of `from` to `to` of n, where each holds with the probability `share`. */
function tail(n: number, from: number, to: number, share: number): number {
  let sum = 0;
  const [log, logRest] = [Math.log(share), Math.log1p(-share)];
  for (let k = from; k <= to; k += 1) sum += Math.exp(logChoose(n, k) + k * log + (n - k) * logRest);
  return sum;
}
