import { setTimeout as sleep } from 'node:timers/promises';

/** No test is about how quick a machine is: what is not so by then is never so, on the slowest and busiest. */
export const patienceMs = 300_000;

/** Resolves when it holds. A condition that throws does not hold yet; what it threw last is told in the end. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  lookEveryMs = 20,
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    let cause: unknown;
    try {
      if (await holds()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > giveUpAt)
      throw new Error(`after ${patienceMs / 1000} s it does not hold that ${what}`, { cause });
    await sleep(lookEveryMs);
  }
}
