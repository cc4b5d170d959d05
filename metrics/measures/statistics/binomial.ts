import { logChoose } from './log-choose.ts';

/** The probability of `from` to `to` of n, where each holds with the probability `share`. */
export function binomial(n: number, from: number, to: number, share: number): number {
  if (share === 1) return to === n ? 1 : 0;
  let sum = 0;
  const [log, logRest] = [Math.log(share), Math.log1p(-share)];
  for (let k = from; k <= to; k += 1) sum += Math.exp(logChoose(n, k) + k * log + (n - k) * logRest);
  return sum;
}
