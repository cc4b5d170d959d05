import { isKind, type Event } from '../../events/event.ts';
import type { SampleHeader } from '../../events/samples.ts';
import { Completeness } from '../measures/completeness.ts';

/** What has come of one attempt at a trial, as far as it must be known to say when it is whole. */
export class AttemptIntake {
  readonly trial: string;
  readonly attempt: number;
  /** When, by this process, its end was heard of. */
  endHeardUs: number | undefined;
  /** What was said of it last; it is not said twice. */
  said: 'nothing' | 'incomplete' | 'final' = 'nothing';
  /** Whether the recovery is open, as it was last said. */
  watched: Event<'trial.watched'>['body'] | undefined;
  readonly #completeness = new Completeness();
  /** All of them, until it is measured for good. */
  #events: Event[] = [];
  #rows = 0;
  /** How many rows there will have been; undefined while the load goes on. */
  #rowsInAll: number | undefined;
  #isWatched = false;

  constructor(trial: string, attempt: number) {
    this.trial = trial;
    this.attempt = attempt;
  }

  event(event: Event, nowUs: number): void {
    if (isKind(event, 'trial.ended')) this.endHeardUs ??= nowUs;
    if (isKind(event, 'watch.started')) this.#isWatched = true;
    if (isKind(event, 'workload.ended')) this.#rowsInAll = event.body.rows;
    if (isKind(event, 'trial.watched')) this.watched = event.body;
    if (isKind(event, 'trial.measured')) this.said = event.body.final ? 'final' : 'incomplete';
    this.#completeness.event(event);
    if (this.said === 'final') this.#events = [];
    else this.#events.push(event);
  }

  samples(header: SampleHeader): void {
    this.#rows += header.rows;
    this.#completeness.came(header);
  }

  get events(): readonly Event[] {
    return this.#events;
  }

  /** Its load has ended, with all that was sent, and the infrastructure is watched on. */
  get isObserved(): boolean {
    return this.#isWatched && this.endHeardUs === undefined && this.#rows === this.#rowsInAll;
  }

  get isWhole(): boolean {
    return this.endHeardUs !== undefined && this.#completeness.missing().length === 0;
  }
}
