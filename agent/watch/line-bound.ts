const perSecond = 500;
/** What a service that comes down says at once. */
const atOnce = 2_000;
/** With those of the other watches of an attempt, what a reader still has in memory. */
const linesAtMost = 20_000;
const bytesAtMost = 4 * 1024 * 1024;

/** How many lines of one watch become events: each costs a write to the disk of the host that is measured. */
export class LineBound {
  #lines = linesAtMost;
  #bytes = bytesAtMost;
  #allowance = atOnce;
  #sinceUs: number;

  constructor(nowUs: number) {
    this.#sinceUs = nowUs;
  }

  /** Whether one more, of so many bytes, may be said now; if so, it is counted. */
  takes(nowUs: number, bytes: number): boolean {
    this.#allowance = Math.min(atOnce, this.#allowance + ((nowUs - this.#sinceUs) / 1e6) * perSecond);
    this.#sinceUs = nowUs;
    if (this.#lines === 0 || this.#bytes < bytes || this.#allowance < 1) return false;
    this.#lines -= 1;
    this.#bytes -= bytes;
    this.#allowance -= 1;
    return true;
  }
}
