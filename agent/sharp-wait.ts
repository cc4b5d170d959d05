import { setImmediate as turn } from 'node:timers/promises';
import { monotonicUs, sleepUntil } from '../clock/monotonic.ts';

/** A timer rounds up to a millisecond, fires up to one late, and the kernel adds its own wake-up: so much is waited awake. */
const awakeUs = 3_000;

/** Waits until the instant, and not a scheduling tick longer. Answers false, at once, when the signal aborts before. */
export async function waitSharply(atUs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleepUntil(atUs - awakeUs, signal);
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
  // Turns of the event loop, not a closed loop: what arrives meanwhile (an order to end) is still heard.
  while (monotonicUs() < atUs) {
    if (signal.aborted) return false;
    await turn();
  }
  return !signal.aborted;
}
