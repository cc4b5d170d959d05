import { monotonicUs } from '../../clock/monotonic.ts';
import { isKind, type Event } from '../../events/event.ts';
import type { SampleBatch, SampleHeader } from '../../events/samples.ts';
import { Seen } from '../../events/seen.ts';
import type { TrialMeasures } from '../measures/measures.ts';
import { measureSavedAttempt } from '../run/measure-run.ts';
import { nothingStarted } from '../run/run-history.ts';
import { recoverEvents, recoverSamples, RunWriter } from '../run/run-writer.ts';
import type { SavedRun } from '../run/saved-run.ts';
import { readPlan, type SavedPlan } from '../run/saved-plan.ts';
import { AttemptIntake } from './attempt-intake.ts';

/** One campaign as it comes in: each message once, saved before it is acknowledged, sorted by attempt. */
export class CampaignIntake {
  readonly run: SavedRun;
  readonly #writer: RunWriter;
  readonly #seen = new Seen();
  readonly #attempts = new Map<string, AttemptIntake>();
  hasEnded = false;
  #started: Event<'campaign.started'> | undefined;

  /** Goes on with what is in the files, if anything is. */
  constructor(run: SavedRun) {
    this.run = run;
    this.#writer = new RunWriter(run);
    for (const event of recoverEvents(run)) {
      if (this.#seen.add(event)) this.#note(event);
    }
    for (const header of recoverSamples(run)) {
      if (this.#seen.add(header)) this.#noteSamples(header);
    }
  }

  /** What one attempt comes to, by what is here of it. */
  async measure(attempt: AttemptIntake): Promise<TrialMeasures> {
    const { plan, run } = this;
    if (plan === undefined) throw nothingStarted(run);
    return await measureSavedAttempt(run, plan, attempt);
  }

  get attempts(): readonly AttemptIntake[] {
    return [...this.#attempts.values()];
  }

  /** Undefined before it was said. */
  get plan(): SavedPlan | undefined {
    return this.#started && readPlan(this.#started.body.plan, this.run.eventsFile);
  }

  /** True where there is nothing left to wait for. */
  get isOver(): boolean {
    return this.hasEnded && this.attempts.every(({ said }) => said === 'final');
  }

  /** The attempt that the message belongs to; undefined where it belongs to none or came before. */
  event(event: Event): AttemptIntake | undefined {
    if (!this.#seen.add(event)) return undefined;
    this.#writer.event(event);
    return this.#note(event);
  }

  samples(batch: SampleBatch): AttemptIntake | undefined {
    const { trial, attempt } = batch.header;
    if (trial === undefined || attempt === undefined || !this.#seen.add(batch.header)) return undefined;
    this.#writer.samples(batch);
    return this.#noteSamples(batch.header);
  }

  #note(event: Event): AttemptIntake | undefined {
    if (isKind(event, 'campaign.started')) this.#started = event;
    if (isKind(event, 'campaign.ended')) this.hasEnded = true;
    const { trial, attempt } = event;
    if (trial === undefined || attempt === undefined) return undefined;
    const intake = this.#attempt(trial, attempt);
    intake.event(event, monotonicUs());
    return intake;
  }

  #noteSamples(header: SampleHeader): AttemptIntake | undefined {
    const { trial, attempt } = header;
    if (trial === undefined || attempt === undefined) return undefined;
    const intake = this.#attempt(trial, attempt);
    intake.samples(header);
    return intake;
  }

  #attempt(trial: string, attempt: number): AttemptIntake {
    const key = `${trial}-${attempt}`;
    const known = this.#attempts.get(key) ?? new AttemptIntake(trial, attempt);
    this.#attempts.set(key, known);
    return known;
  }
}
