import { monotonicUs } from '../clock/monotonic.ts';
import { waitSharply } from './sharp-wait.ts';

/** Starting a program holds this process up for a few milliseconds; what can wait keeps so far away from an instant that must be met. */
const keepClearUs = 500_000;

/** The instants at which something has to happen sharply, so that housekeeping can stay out of their way. */
export class Appointments {
  readonly #instants = new Set<{ readonly atUs: number }>();

  /** False when the signal aborted before the instant. */
  async keep(atUs: number, signal: AbortSignal): Promise<boolean> {
    const appointment = { atUs };
    this.#instants.add(appointment);
    try {
      return await waitSharply(atUs, signal);
    } finally {
      this.#instants.delete(appointment);
    }
  }

  get near(): boolean {
    const nowUs = monotonicUs();
    return [...this.#instants].some(({ atUs }) => atUs - nowUs < keepClearUs);
  }
}
