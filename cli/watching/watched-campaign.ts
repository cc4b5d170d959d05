import { counted } from '../../errors/counted.ts';
import { z } from 'zod';
import { meanings } from '../../campaign/definition.ts';
import { faultTitle } from '../../campaign/fault-title.ts';
import { isKind, type Event } from '../../events/event.ts';
import type { TrialStep } from '../../events/kinds.ts';
import { Clocks } from '../../metrics/measures/clocks.ts';
import type { Notice } from '../../metrics/measures/infrastructure-measures.ts';
import { noticesOf } from '../../metrics/measures/notices.ts';

const rule = z.object({
  name: z.string(),
  source: z.string(),
  pattern: z.string(),
  means: z.enum(meanings),
  by: z.enum(['node', 'management']),
});

const planSchema = z.object({
  estimateUs: z.number().optional(),
  definition: z
    .object({ rules: z.array(rule).default([]), components: z.record(z.string(), z.string()).default({}) })
    .default({ rules: [], components: {} }),
  trials: z.array(
    z.object({
      id: z.string(),
      fault: z
        .object({
          name: z.string(),
          intensity: z.string().optional(),
          cell: z.string().optional(),
          mechanism: z.string().optional(),
        })
        .optional(),
      combination: z.object({ name: z.string() }).optional(),
    }),
  ),
});

type Plan = z.infer<typeof planSchema>;
type Verdict = 'pass' | 'fail' | 'unknown';

interface Absence {
  readonly lastHeardUs: number;
  readonly back?: { readonly crashed: boolean; readonly atUs: number };
}

export interface WatchedTrial {
  readonly trial: string;
  readonly attempt: number;
  readonly fault: Plan['trials'][number]['fault'];
  readonly begunUs: number;
  step?: { readonly name: TrialStep; readonly sinceUs: number };
  /** In the wall clock of the controller. */
  schedule?: {
    readonly startUs: number;
    readonly injectUs: number;
    readonly removeUs: number;
    readonly endUs: number;
  };
  readonly active: Set<string>;
  readonly effects: string[];
  /** The hosts that were away, the last of each; in the reference clock, and undefined while it is not back. */
  readonly absences: Map<string, Absence>;
  /** The first of each meaning, from the injection on. */
  readonly notices: { readonly notice: Notice; readonly afterUs: number }[];
  readonly clockReadings: Event[];
  /** In the reference clock. */
  injectedUs?: number;
  outcome?: { readonly verdict: Verdict; readonly reasons: readonly string[]; readonly atUs: number };
}

/** What is known of a campaign from its events so far. Instants are of the wall clock, but for those of notices. */
export class WatchedCampaign {
  name = '';
  plan: Plan = { definition: { rules: [], components: {} }, trials: [] };
  readonly trials = new Map<string, WatchedTrial>();
  current: WatchedTrial | undefined;
  readonly #pruned = new Set<string>();
  /** Why it is paused, while it is. */
  pausedBecause: string | undefined;
  /** Of the last event. */
  lastUs = 0;

  take(event: Event): void {
    this.lastUs = Math.max(this.lastUs, event.wallUs);
    if (isKind(event, 'campaign.started')) {
      this.name = event.body.name;
      this.plan = planSchema.safeParse(event.body.plan).data ?? this.plan;
    }
    if (isKind(event, 'campaign.paused')) this.pausedBecause = event.body.reason;
    if (isKind(event, 'campaign.resumed') || isKind(event, 'campaign.ended')) this.pausedBecause = undefined;
    const { trial, attempt } = event;
    if (isKind(event, 'trial.pruned') && trial !== undefined) this.#pruned.add(trial);
    if (trial === undefined || attempt === undefined) return;
    this.#takeOf(this.#trial(trial, attempt, event.wallUs), event);
  }

  trialOf({ trial, attempt }: Event): WatchedTrial | undefined {
    return this.trials.get(`${trial}-${attempt}`);
  }

  count(verdict: Verdict): number {
    return this.#counted().filter(({ outcome }) => outcome?.verdict === verdict).length;
  }

  /** So many trials were left out. */
  get pruned(): number {
    return this.#pruned.size;
  }

  /** As `t004/20  kill-both`. */
  titleOf(trial = ''): string {
    return `${trial}/${this.plan.trials.length}  ${faultTitle(this.#faultOf(trial))}`;
  }

  get done(): number {
    return this.#counted().filter(({ outcome }) => outcome !== undefined).length;
  }

  /** From how long trials have taken so far, else from the plan; undefined where neither says. */
  remainingUs(nowUs: number): number | undefined {
    const over = this.#counted().flatMap(({ outcome, begunUs }) =>
      outcome === undefined ? [] : [outcome.atUs - begunUs],
    );
    const { estimateUs, trials } = this.plan;
    const eachUs =
      over.length > 0
        ? over.reduce((sum, us) => sum + us, 0) / over.length
        : estimateUs && estimateUs / trials.length;
    if (eachUs === undefined) return undefined;
    const running = this.current === undefined ? 0 : Math.min(eachUs, nowUs - this.current.begunUs);
    return Math.max(0, (trials.length - this.pruned - this.done) * eachUs - running);
  }

  /** The last attempt at each trial. */
  #counted(): WatchedTrial[] {
    return [...new Map([...this.trials.values()].map((one) => [one.trial, one])).values()];
  }

  #trial(trial: string, attempt: number, wallUs: number): WatchedTrial {
    const key = `${trial}-${attempt}`;
    const known = this.trials.get(key);
    if (known !== undefined) return known;
    const lists = { active: new Set<string>(), effects: [], notices: [], clockReadings: [] };
    const absences = new Map<string, Absence>();
    const opened: WatchedTrial = {
      trial,
      attempt,
      fault: this.#faultOf(trial),
      begunUs: wallUs,
      absences,
      ...lists,
    };
    this.trials.set(key, opened);
    this.current = opened;
    return opened;
  }

  #faultOf(trial: string): WatchedTrial['fault'] {
    const planned = this.plan.trials.find(({ id }) => id === trial);
    return planned?.fault ?? planned?.combination;
  }

  #takeOf(trial: WatchedTrial, event: Event): void {
    const { wallUs, monoUs } = event;
    if (isKind(event, 'trial.step') && event.body.state === 'begun') {
      trial.step = { name: event.body.step, sinceUs: wallUs };
    } else if (isKind(event, 'trial.scheduled')) {
      const { startUs, injectUs, removeUs, endUs } = event.body;
      const toWall = (us: number): number => us - monoUs + wallUs;
      trial.schedule = {
        startUs: toWall(startUs),
        injectUs: toWall(injectUs),
        removeUs: toWall(removeUs),
        endUs: toWall(endUs),
      };
      trial.injectedUs ??= injectUs;
    } else if (isKind(event, 'clock.read')) {
      trial.clockReadings.push(event);
    } else if (isKind(event, 'injection.active')) {
      trial.active.add(event.body.injection);
    } else if (isKind(event, 'injection.reverted')) {
      trial.active.delete(event.body.injection);
      const { count } = event.body.effects;
      trial.effects.push(count === 'unknown' ? 'unknown effects' : counted(count, 'effect'));
    } else if (isKind(event, 'host.silent')) {
      const { of, lastHeardUs } = event.body;
      trial.absences.set(of, { lastHeardUs });
    } else if (isKind(event, 'host.returned')) {
      const { of, lastHeardUs, returnedUs, crashed } = event.body;
      trial.absences.set(of, { lastHeardUs, back: { crashed, atUs: returnedUs } });
    } else if (isKind(event, 'watch.line')) {
      this.#read(trial, event);
    } else if (isKind(event, 'trial.measured') && event.body.final) {
      const { verdict, reasons } = event.body;
      trial.outcome ??= { verdict, reasons, atUs: wallUs };
      if (this.current === trial) this.current = undefined;
    } else if (isKind(event, 'trial.ended') && event.body.outcome !== 'completed') {
      if (this.current === trial) this.current = undefined;
    }
  }

  #read(trial: WatchedTrial, event: Event<'watch.line'>): void {
    const { injectedUs } = trial;
    if (injectedUs === undefined || trial.fault === undefined) return;
    for (const notice of noticesOf([event], this.plan.definition, new Clocks(trial.clockReadings))) {
      const afterUs = notice.atUs - injectedUs;
      const known = trial.notices.some((one) => one.notice.means === notice.means);
      if (afterUs + notice.errorUs >= 0 && !known) trial.notices.push({ notice, afterUs });
    }
  }
}
