/**
 * Until when a fault may start, in this host's monotonic clock. Counted from the instant at which the beat was sent that the controller
 * answered, not from the answer: the controller counts from later, so the agent's end of the lease is never the later one.
 */
export class Lease {
  #untilUs = Number.NEGATIVE_INFINITY;

  renew(sentUs: number, leaseUs: number): void {
    this.#untilUs = Math.max(this.#untilUs, sentUs + leaseUs);
  }

  holdsAt(instantUs: number): boolean {
    return instantUs <= this.#untilUs;
  }
}
