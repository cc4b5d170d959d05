import { z } from 'zod';
import { isKind, type Event } from '../events/event.ts';
import type { Output } from './output.ts';

const plannedSchema = z.object({
  trials: z.array(z.object({ id: z.string(), fault: z.object({ name: z.string() }).optional() })),
});

interface TrialProgress {
  readonly label: string;
  readonly effects: string[];
}

const colours = { pass: '32', fail: '31', unknown: '33' } as const;

/**
 * What people see of a campaign while it runs: one line for each trial that is over, and, on a terminal, one more that is drawn again and
 * again for the trial that runs.
 */
export class Progress {
  readonly #output: Output;
  readonly #faults = new Map<string, string>();
  readonly #trials = new Map<string, TrialProgress>();
  readonly #measured = new Set<string>();
  #planned = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Answers the verdict of an attempt, where the event brings one. */
  show(event: Event): void {
    const { trial, attempt } = event;
    if (isKind(event, 'campaign.started')) this.#begin(event);
    if (isKind(event, 'campaign.ended')) {
      const { outcome, reason } = event.body;
      this.#keep(event, `campaign ${outcome}${reason === undefined ? '' : `: ${reason}`}`);
    }
    if (trial === undefined || attempt === undefined) return;
    const key = `${trial}-${attempt}`;
    const state = this.#trials.get(key) ?? this.#open(key, trial, attempt);
    if (isKind(event, 'injection.reverted')) {
      state.effects.push(`${event.body.effects.count} effects`);
    } else if (isKind(event, 'injection.failed')) {
      this.#keep(event, `${state.label}  ${event.body.code}: ${event.body.message}`);
    } else if (isKind(event, 'trial.step') && event.body.state === 'failed') {
      this.#keep(
        event,
        `${state.label}  ${event.body.step} failed: ${event.body.reason ?? 'no reason given'}`,
      );
    } else if (isKind(event, 'trial.step') && event.body.state === 'begun') {
      this.#redraw(`${state.label}  ${event.body.step}`);
    } else if (isKind(event, 'trial.ended') && event.body.outcome !== 'completed') {
      this.#keep(event, `${state.label}  ${event.body.outcome}: ${event.body.reason ?? ''}`);
    } else if (isKind(event, 'trial.measured') && event.body.final && !this.#measured.has(key)) {
      this.#measured.add(key);
      const { verdict, reasons } = event.body;
      this.#keep(
        event,
        [state.label, this.#paint(verdict), state.effects.join(' + '), reasons.join('; ')]
          .filter(Boolean)
          .join('  '),
      );
    }
  }

  /** Removes the line of the running trial. */
  end(): void {
    if (this.#output.live) process.stdout.write('\r\x1b[K');
  }

  #begin(event: Event<'campaign.started'>): void {
    const plan = plannedSchema.safeParse(event.body.plan).data;
    if (plan === undefined) return;
    this.#planned = plan.trials.length;
    for (const { id, fault } of plan.trials) this.#faults.set(id, fault?.name ?? 'golden run');
    this.#keep(event, `campaign ${event.body.name}: ${this.#planned} trials`);
  }

  #open(key: string, trial: string, attempt: number): TrialProgress {
    const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
    const state = {
      label: `${trial}/${this.#planned}  ${this.#faults.get(trial) ?? ''}${again}`,
      effects: [],
    };
    this.#trials.set(key, state);
    return state;
  }

  #paint(verdict: keyof typeof colours): string {
    return this.#output.live ? `\x1b[${colours[verdict]}m${verdict}\x1b[0m` : verdict;
  }

  #keep(event: Event, text: string): void {
    this.end();
    const time = new Date(event.wallUs / 1000).toTimeString().slice(0, 8);
    process.stdout.write(`${time}  ${text}\n`);
  }

  #redraw(text: string): void {
    if (this.#output.live)
      process.stdout.write(`\r\x1b[K          ${text.slice(0, (process.stdout.columns || 80) - 11)}`);
  }
}
