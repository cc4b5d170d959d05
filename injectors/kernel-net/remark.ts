import { counted } from '../../errors/counted.ts';
import type { FaultStatus } from '../kernel-fault/status.ts';

/** What the module tells of what it held, for people: the delay that was reached, and what did not go as it was asked. */
export function remarkOf({ closedNs, lines }: FaultStatus): string | undefined {
  const number = (name: string): number => Number(lines[name] ?? 0);
  const delayed = number('delayed');
  const drainedNs = BigInt(lines.drained_ns ?? 0);
  const parts = [
    ...(delayed === 0
      ? []
      : [
          `each was held for ${us(number('delay_sum_ns') / delayed)} on average, at the most ${us(number('delay_late_max_ns'))} longer than asked`,
        ]),
    ...(number('overflowed') === 0 ? [] : [`${number('overflowed')} found no room to be held`]),
    ...(number('bypassed') === 0
      ? []
      : [`${number('bypassed')} passed untouched, for the fault can do nothing to them`]),
    ...(number('purged') === 0 ? [] : [`${counted(number('purged'), 'was', 'were')} lost on the way`]),
    ...(number('held_most') > 0 && closedNs !== undefined && drainedNs > closedNs
      ? [`the last held one had gone ${us(Number(drainedNs - closedNs))} after the end`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function us(ns: number): string {
  return ns < 1_000_000 ? `${Math.round(ns / 1_000)} us` : `${(ns / 1_000_000).toFixed(2)} ms`;
}
