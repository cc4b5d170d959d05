/** A wall clock's reading, as the milliseconds at which UTC reads the same: a number to count days with, not an instant. */
export type Reading = number;

export const dayMs = 24 * 3_600_000;
/** Every zone changes its offset at a whole quarter of an hour. */
const quarterMs = 900_000;
/** Some three months; what is asked for lies close together. */
const rememberedAtMost = 10_000;

/** The wall clocks of a time zone, such as Europe/Berlin. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, ...numeric, ...time });
  }

  static isKnown(name: string): boolean {
    try {
      return new Zone(name) instanceof Zone;
    } catch {
      return false;
    }
  }

  read(instantMs: number): Reading {
    return instantMs + this.#offsetAt(instantMs);
  }

  /** Every instant at which the clocks read so: none where they were put forward over it, two where they were put back. */
  instantsOf(reading: Reading): number[] {
    const offsets = [this.#offsetAt(reading - dayMs), this.#offsetAt(reading + dayMs)];
    return [...new Set(offsets)]
      .map((offset) => reading - offset)
      .filter((instant) => this.read(instant) === reading)
      .sort((one, other) => one - other);
  }

  /** The first of them; where there is none, the instant as long after the change as the reading is beyond it. */
  instantOf(reading: Reading): number {
    return this.instantsOf(reading)[0] ?? reading - this.#offsetAt(reading - dayMs);
  }

  #offsetAt(instantMs: number): number {
    const quarter = Math.floor(instantMs / quarterMs);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const parts = this.#format.formatToParts(quarter * quarterMs);
    const part = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((one) => one.type === type)?.value);
    const reads = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    const offset = reads - quarter * quarterMs;
    if (this.#offsets.size >= rememberedAtMost) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

/** The day of a reading, by its beginning. */
export function dayOf(reading: Reading): Reading {
  return Math.floor(reading / dayMs) * dayMs;
}

/** Such as 2026-11-21. */
export function dateOf(reading: Reading): string {
  return new Date(reading).toISOString().slice(0, 10);
}
