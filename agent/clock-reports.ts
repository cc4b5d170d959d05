import type { Scope } from '../events/reporter.ts';
import type { ClockOffset } from './clock-offset.ts';
import { attemptOf } from './scope.ts';
import type { Voice } from './voice.ts';

/** Tells, within each attempt, how this host's clock stands to the controller's, so that a saved run can be measured without either. */
export class ClockReports {
  readonly #host: string;
  readonly #clock: ClockOffset;
  readonly #voice: Voice;

  constructor(host: string, clock: ClockOffset, voice: Voice) {
    this.#host = host;
    this.#clock = clock;
    this.#voice = voice;
  }

  /** At once, or as soon as there is a first reading. Nothing outside of a trial. */
  say(scope: Scope): void {
    if (attemptOf(scope) === undefined) return;
    if (this.#sayNow(scope)) return;
    void this.#clock.firstRead.then(() => this.#sayNow(scope));
  }

  #sayNow(scope: Scope): boolean {
    const best = this.#clock.best();
    if (best === undefined) return false;
    const { offsetUs, errorUs, atUs } = best;
    this.#voice.event(scope, { kind: 'clock.read', of: this.#host, offsetUs, errorUs }, { monoUs: atUs });
    return true;
  }
}
