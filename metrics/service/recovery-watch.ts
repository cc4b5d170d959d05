import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Reporter } from '../../events/reporter.ts';
import type { Log } from '../../service/log.ts';
import { openRecovery, recoveredAtEnd } from '../measures/recovery-open.ts';
import { isGolden } from '../measures/planned-faults.ts';
import type { AttemptIntake } from './attempt-intake.ts';
import type { CampaignIntake } from './campaign-intake.ts';

/** What comes within this is looked at together: a flood of lines must not become a flood of looks. */
const gatherMs = 50;
/** A look at many lines takes long; in between, so many times as long is for what comes in, and for the other campaigns. */
const restFactor = 9;

/** Says to the controller whether a recovery is open, while an attempt is observed: first when its load has ended, then whenever that has changed. */
export class RecoveryWatch {
  readonly #reporter: Reporter;
  readonly #log: Log;
  readonly #soon = new Set<AttemptIntake>();
  #restMs = 0;
  /** Samples do not change once the load has ended, and may be many: they are read once. */
  readonly #recovered = new WeakMap<AttemptIntake, { readonly atEnd: boolean | undefined }>();

  constructor(reporter: Reporter, log: Log) {
    this.#reporter = reporter;
    this.#log = log;
  }

  /** Something of the attempt has come. */
  look(intake: CampaignIntake, attempt: AttemptIntake): void {
    if (!attempt.isObserved || this.#soon.has(attempt)) return;
    this.#soon.add(attempt);
    this.#lookSoon(intake, attempt).catch((err: unknown) => {
      // The controller then waits as long as the campaign allows.
      this.#log.error({ campaign: intake.run.campaign, err }, 'nobody knows whether a recovery is open');
    });
  }

  async #lookSoon(intake: CampaignIntake, attempt: AttemptIntake): Promise<void> {
    try {
      await sleep(Math.max(gatherMs, this.#restMs));
    } finally {
      this.#soon.delete(attempt);
    }
    const { plan, run } = intake;
    const trial = plan?.trials.find(({ id }) => id === attempt.trial);
    if (plan === undefined || trial === undefined || isGolden(trial)) return;
    const { definition } = plan;
    const found = { plan: trial, attempt: attempt.attempt, definition };
    const recovered = this.#recovered.get(attempt) ?? {
      atEnd: recoveredAtEnd({
        ...found,
        events: attempt.events,
        batches: await run.samples(attempt.trial, attempt.attempt),
      }),
    };
    this.#recovered.set(attempt, recovered);
    if (!attempt.isObserved) return;
    const beganUs = monotonicUs();
    const { open, reason } = openRecovery({ ...found, events: attempt.events }, recovered.atEnd);
    this.#restMs = ((monotonicUs() - beganUs) / 1000) * restFactor;
    if (attempt.watched?.open === open) return;
    attempt.watched = { kind: 'trial.watched', open, reason };
    const scope = { campaign: run.campaign, trial: attempt.trial, attempt: attempt.attempt };
    this.#reporter.event(scope, attempt.watched);
  }
}
