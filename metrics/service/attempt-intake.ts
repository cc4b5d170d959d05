import { isKind, type Event } from '../../events/event.ts';
import type { Seen } from '../../events/seen.ts';

/** What has come of one attempt at a trial, as far as it must be known to say when it is whole. */
export class AttemptIntake {
  readonly trial: string;
  readonly attempt: number;
  /** When, by this process, its end was heard of. */
  endHeardUs: number | undefined;
  /** What was said of it last; it is not said twice. */
  said: 'nothing' | 'incomplete' | 'final' = 'nothing';
  #expected: readonly string[] | undefined;
  /** By producer: the last seq of each of its incarnations. */
  readonly #announced = new Map<string, Map<string, number>>();

  constructor(trial: string, attempt: number) {
    this.trial = trial;
    this.attempt = attempt;
  }

  add(event: Event, nowUs: number): void {
    if (isKind(event, 'trial.started')) this.#expected = event.body.producers;
    if (isKind(event, 'trial.ended')) this.endHeardUs ??= nowUs;
    if (isKind(event, 'trial.measured')) this.said = event.body.final ? 'final' : 'incomplete';
    if (isKind(event, 'producer.closed')) {
      const lastSeqs = this.#announced.get(event.producer) ?? new Map<string, number>();
      this.#announced.set(event.producer, lastSeqs);
      for (const { incarnation, lastSeq } of event.body.incarnations) lastSeqs.set(incarnation, lastSeq);
    }
  }

  /** True where every producer has said its last word and all that came before it is there: cheap enough to be asked with every message. */
  isWhole(campaign: string, seen: Seen): boolean {
    if (this.endHeardUs === undefined || this.#expected === undefined) return false;
    const scope = { campaign, trial: this.trial, attempt: this.attempt };
    return this.#expected.every((producer) => {
      const lastSeqs = this.#announced.get(producer);
      if (lastSeqs === undefined) return false;
      return [...lastSeqs].every(
        ([incarnation, lastSeq]) => seen.missing(scope, producer, incarnation, lastSeq).length === 0,
      );
    });
  }
}
