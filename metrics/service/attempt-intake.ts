import { isKind, type Event } from '../../events/event.ts';

/** What has come of one attempt at a trial, until it is measured. */
export class AttemptIntake {
  readonly trial: string;
  readonly attempt: number;
  readonly events: Event[] = [];
  /** When, by this process, its end was heard of. */
  endHeardUs: number | undefined;
  /** What was said of it last; it is not said twice. */
  said: 'nothing' | 'incomplete' | 'final' = 'nothing';
  readonly #closed = new Set<string>();
  #expected: readonly string[] | undefined;

  constructor(trial: string, attempt: number) {
    this.trial = trial;
    this.attempt = attempt;
  }

  add(event: Event, nowUs: number): void {
    this.events.push(event);
    if (isKind(event, 'trial.started')) this.#expected = event.body.producers;
    if (isKind(event, 'trial.ended')) this.endHeardUs ??= nowUs;
    if (isKind(event, 'producer.closed')) this.#closed.add(event.producer);
    if (isKind(event, 'trial.measured')) this.said = event.body.final ? 'final' : 'incomplete';
  }

  /** True where every producer has said its last word, so that it is worth looking for gaps. */
  get allClosed(): boolean {
    return (
      this.#expected?.every((producer) => this.#closed.has(producer)) === true &&
      this.endHeardUs !== undefined
    );
  }
}
