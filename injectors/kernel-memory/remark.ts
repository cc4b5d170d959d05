import { counted } from '../../errors/counted.ts';
import { remarksOf } from '../kernel-fault/remarks.ts';
import type { FaultStatus } from '../kernel-fault/status.ts';

/** What the module tells of what it took, of what it could not change, and of whom it spared, for people. */
export function remarkOf(status: FaultStatus): string | undefined {
  const { held_most_bytes: held = '0', floor_reached_ns: reached } = status.lines;
  const neverReached = reached === '0' && held !== '0' ? 'its floor was not reached' : undefined;
  const told = remarksOf(status, {
    held_most_bytes: (bytes) => `it held ${(Number(bytes) / 1024 ** 2).toFixed(1)} MiB at the most`,
    refused: (count) => `the kernel had no page for it ${counted(Number(count), 'time')}`,
    untouched: (count) =>
      `${counted(Number(count), 'trigger')} met programs that had nothing to change there`,
    spared: (count) => `Ordeal's own processes were met ${counted(Number(count), 'time')}, and spared`,
    corruptions_lost: (count) =>
      `${counted(Number(count), 'corruption was', 'corruptions were')} not kept one by one`,
  });
  const parts = [told, neverReached].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('; ');
}
