const perSecond = 500;
/** What a service that comes down says at once. */
const atOnce = 2_000;
/** With those of the other watches of an attempt, what a reader still has in memory. */
const atMost = 20_000;

/** How many lines of one watch become events: each costs a write to the disk of the host that is measured. */
export class LineBound {
  #left = atMost;
  #allowance = atOnce;
  #sinceUs: number;

  constructor(nowUs: number) {
    this.#sinceUs = nowUs;
  }

  /** Whether one more may be said now; if so, it is counted. */
  takes(nowUs: number): boolean {
    this.#allowance = Math.min(atOnce, this.#allowance + ((nowUs - this.#sinceUs) / 1e6) * perSecond);
    this.#sinceUs = nowUs;
    if (this.#left === 0 || this.#allowance < 1) return false;
    this.#left -= 1;
    this.#allowance -= 1;
    return true;
  }
}
