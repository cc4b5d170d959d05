/**
 * Until when a fault may start, in this host's monotonic clock. Counted from the instant at which the beat was sent that the controller
 * answered, not from the answer: the controller counts from later, so the agent's end of the lease is never the later one.
 */
export class Lease {
  #untilUs = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<(untilUs: number) => void>();

  get untilUs(): number {
    return this.#untilUs;
  }

  renew(sentUs: number, leaseUs: number): void {
    if (sentUs + leaseUs <= this.#untilUs) return;
    this.#untilUs = sentUs + leaseUs;
    for (const listener of this.#listeners) listener(this.#untilUs);
  }

  holdsAt(instantUs: number): boolean {
    return instantUs <= this.#untilUs;
  }

  /** Calls with each later end of it, until what is answered is called. */
  onRenewal(listener: (untilUs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
