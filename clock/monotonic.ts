import { setTimeout as sleep } from 'node:timers/promises';

/** This host's CLOCK_MONOTONIC in microseconds: the clock by which everything here is timed. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The wall clock in microseconds: for people and for matching foreign logs, never for a difference. */
export function wallUs(): number {
  return Date.now() * 1000;
}

/** Sleeps until an instant of the monotonic clock; never wakes before it. Rejects when the signal aborts. */
export async function sleepUntil(atUs: number, signal?: AbortSignal): Promise<void> {
  for (let left = atUs - monotonicUs(); left > 0; left = atUs - monotonicUs()) {
    await sleep(Math.ceil(left / 1000), undefined, signal === undefined ? {} : { signal });
  }
}
