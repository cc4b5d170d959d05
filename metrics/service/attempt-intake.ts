import { isKind, type Event, type Identity } from '../../events/event.ts';
import { Completeness } from '../measures/completeness.ts';

/** What has come of one attempt at a trial, as far as it must be known to say when it is whole. */
export class AttemptIntake {
  readonly trial: string;
  readonly attempt: number;
  /** When, by this process, its end was heard of. */
  endHeardUs: number | undefined;
  /** What was said of it last; it is not said twice. */
  said: 'nothing' | 'incomplete' | 'final' = 'nothing';
  readonly #completeness = new Completeness();

  constructor(trial: string, attempt: number) {
    this.trial = trial;
    this.attempt = attempt;
  }

  event(event: Event, nowUs: number): void {
    if (isKind(event, 'trial.ended')) this.endHeardUs ??= nowUs;
    if (isKind(event, 'trial.measured')) this.said = event.body.final ? 'final' : 'incomplete';
    this.#completeness.event(event);
  }

  samples(header: Identity): void {
    this.#completeness.came(header);
  }

  get isWhole(): boolean {
    return this.endHeardUs !== undefined && this.#completeness.missing().length === 0;
  }
}
