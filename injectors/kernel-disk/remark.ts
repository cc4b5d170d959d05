import { counted } from '../../errors/counted.ts';
import type { FaultStatus } from '../kernel-fault/status.ts';

/** What the module tells of what it held and flipped, for people, and what it put right at the end. */
export function remarkOf({ effects, closedNs, lines }: FaultStatus): string | undefined {
  const number = (name: string): number => Number(lines[name] ?? 0);
  const told = (name: string, words: (value: number) => string): string[] =>
    number(name) === 0 ? [] : [words(number(name))];
  const drainedNs = BigInt(lines['drained_ns'] ?? 0);
  const parts = [
    ...told('sent', (sent) => {
      const held = us(number('delayed_sum_ns') / sent);
      return `each was held for ${held} on average, at the most ${us(number('late_max_ns'))} longer than asked`;
    }),
    ...told(
      'capped',
      (count) => `${counted(count, 'was', 'were')} held for less, to stay within the disk's time limit`,
    ),
    ...told('overflowed', (count) => `${count} found no room to be held`),
    ...told(
      'retried',
      (count) => `the driver was busy ${counted(count, 'time')} when one was due, and took it later`,
    ),
    ...told('requeued', (count) => `${count} went back to the kernel when due, for the host took none then`),
    ...told('timed_out', (count) => `${count} went beyond the disk's time limit`),
    ...told('bits_flipped', (count) => `${counted(count, 'bit was', 'bits were')} flipped`),
    ...told(
      'missed',
      (count) => `${counted(count, 'command was', 'commands were')} chosen and could not be touched`,
    ),
    ...told(
      'pages_dropped',
      (count) =>
        `${counted(count, 'corrupted page was', 'corrupted pages were')} dropped from the page cache`,
    ),
    ...told(
      'pages_kept',
      (count) =>
        `consequence: ${counted(count, 'corrupted page stays', 'corrupted pages stay')} in the page cache, in use`,
    ),
    ...told(
      'devices_set_running',
      (count) =>
        `${counted(count, 'disk that was set offline was', 'disks that were set offline were')} set running again`,
    ),
    ...told(
      'error_handling_passed',
      (count) => `${counted(count, 'command', 'commands')} of error handling passed`,
    ),
    ...(effects > 0 && closedNs !== undefined && drainedNs > closedNs
      ? [`the last held one had gone ${us(Number(drainedNs - closedNs))} after the end`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function us(ns: number): string {
  return ns < 1_000_000 ? `${Math.round(ns / 1_000)} us` : `${(ns / 1_000_000).toFixed(2)} ms`;
}
