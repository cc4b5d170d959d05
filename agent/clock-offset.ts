interface ClockReading {
  /** The reference clock (the controller's) = this host's monotonic clock + offset, give or take the error. */
  readonly offsetUs: number;
  readonly errorUs: number;
  /** This host's clock in the middle of the exchange. */
  readonly atUs: number;
}

/** Two quartz clocks part by up to so much of the time between them (100 ppm is the worst that is sold). */
const driftPerUs = 100e-6;
/** Readings older than this are worse by their drift (3 ms) than any fresh one on a network fit for a benchmark. */
const keepForUs = 30_000_000;

/** The best of the recent readings: the one whose exchange was the shortest, its age accounted for. */
export class ClockOffset {
  #readings: ClockReading[] = [];
  #hasRead = (): void => undefined;
  readonly firstRead = new Promise<void>((resolve) => {
    this.#hasRead = resolve;
  });

  read(sentUs: number, controllerUs: number, receivedUs: number): void {
    const middleUs = (sentUs + receivedUs) / 2;
    const reading = {
      offsetUs: Math.round(controllerUs - middleUs),
      errorUs: Math.ceil((receivedUs - sentUs) / 2),
      atUs: Math.round(middleUs),
    };
    this.#readings = this.#readings.filter((one) => {
      const agrees =
        Math.abs(one.offsetUs - reading.offsetUs) <= errorAt(one, reading.atUs) + reading.errorUs;
      // One that contradicts the newest was of another clock: a controller that was started again elsewhere.
      return agrees && reading.atUs - one.atUs <= keepForUs;
    });
    this.#readings.push(reading);
    this.#hasRead();
  }

  /** Undefined before the first exchange. */
  best(): ClockReading | undefined {
    const now = this.#readings.at(-1)?.atUs ?? 0;
    return this.#readings.reduce<ClockReading | undefined>(
      (best, one) => (best === undefined || errorAt(one, now) <= errorAt(best, now) ? one : best),
      undefined,
    );
  }

  /** An instant of the controller's clock in this host's. */
  toOwn(referenceUs: number): number | undefined {
    const best = this.best();
    return best === undefined ? undefined : referenceUs - best.offsetUs;
  }
}

function errorAt(reading: ClockReading, atUs: number): number {
  return reading.errorUs + Math.abs(atUs - reading.atUs) * driftPerUs;
}
