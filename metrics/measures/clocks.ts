import { isKind, type Event, type Origin } from '../../events/event.ts';

/** Maps the instants of hosts to the reference clock: each boot of a host has a clock of its own. */
export class Clocks {
  readonly #boots = new Map<string, HostClock>();

  constructor(events: readonly Event[]) {
    const byBoot = new Map<string, Reading[]>();
    for (const event of events) {
      if (!isKind(event, 'clock.read')) continue;
      const { of, offsetUs, errorUs } = event.body;
      // Of the clock of another nobody knows.
      if (of !== event.producer || of !== event.host) continue;
      const readings = byBoot.get(keyOf(event)) ?? [];
      byBoot.set(keyOf(event), readings);
      readings.push({ atUs: event.monoUs, offsetUs, errorUs });
    }
    for (const [boot, readings] of byBoot) this.#boots.set(boot, new HostClock(readings));
  }

  /** Undefined where the clock of the host was never read in that boot. */
  of(origin: Origin): HostClock | undefined {
    return this.#boots.get(keyOf(origin));
  }
}

function keyOf({ host, boot }: Origin): string {
  return `${host} ${boot ?? ''}`;
}

/** At one instant of the host's own clock: reference = host + offset, give or take the error. */
interface Reading {
  readonly atUs: number;
  readonly offsetUs: number;
  readonly errorUs: number;
}

export interface ReferenceInstant {
  readonly atUs: number;
  readonly errorUs: number;
}

/** Two quartz clocks part by up to so much of the time between them: 100 ppm is the worst that is sold. */
const driftPerUs = 100e-6;

export class HostClock {
  /** In the order of time; each one is the best of all around its own instant. */
  readonly #readings: readonly Reading[];

  constructor(readings: readonly Reading[]) {
    const inOrder = readings.toSorted(
      (a, b) => a.atUs - b.atUs || a.errorUs - b.errorUs || a.offsetUs - b.offsetUs,
    );
    const kept = withoutWorse(withoutWorse(inOrder).toReversed()).toReversed();
    this.#readings = kept;
  }

  /** By the reading whose error, grown by the drift since (or until) it was taken, is the least. */
  toReference(hostUs: number): ReferenceInstant {
    const best = this.#bestAt(hostUs);
    return { atUs: hostUs + best.offsetUs, errorUs: Math.ceil(errorAt(best, hostUs)) };
  }

  #bestAt(hostUs: number): Reading {
    const readings = this.#readings;
    let low = 0;
    let high = readings.length - 1;
    // The errors fall along the readings up to the best one, and grow from there on.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [one, next] = [readings[middle], readings[middle + 1]];
      if (one === undefined || next === undefined) break;
      if (errorAt(one, hostUs) <= errorAt(next, hostUs)) high = middle;
      else low = middle + 1;
    }
    const best = readings[low];
    if (best === undefined) throw new RangeError('a host clock has at least one reading');
    return best;
  }
}

/** A reading that is worse than one before it even at its own instant is worse everywhere. */
function withoutWorse(readings: readonly Reading[]): Reading[] {
  const kept: Reading[] = [];
  for (const reading of readings) {
    const before = kept.at(-1);
    if (before === undefined || errorAt(before, reading.atUs) > reading.errorUs) kept.push(reading);
  }
  return kept;
}

function errorAt(reading: Reading, atUs: number): number {
  return reading.errorUs + Math.abs(atUs - reading.atUs) * driftPerUs;
}
