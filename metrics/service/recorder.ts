import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isKind, type Event } from '../../events/event.ts';
import { nameSchema } from '../../events/name.ts';
import type { Reporter } from '../../events/reporter.ts';
import type { SampleBatch } from '../../events/samples.ts';
import type { Log } from '../../service/log.ts';
import type { TrialMeasures } from '../measures/measures.ts';
import { widthsOf } from '../measures/narrowness.ts';
import { shownBy } from '../measures/shown.ts';
import { measureSavedRun } from '../run/measure-run.ts';
import { saveMeasures } from '../run/save-measures.ts';
import { SavedRun } from '../run/saved-run.ts';
import type { AttemptIntake } from './attempt-intake.ts';
import { CampaignIntake } from './campaign-intake.ts';
import { RecoveryWatch } from './recovery-watch.ts';

interface RecorderOptions {
  readonly runs: string;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly onMeasured: (campaign: string, measures: TrialMeasures) => void;
}

/** A producer that has not said its last word so long after the trial's end is missing: spools are drained in seconds when NATS is there. */
const incompleteAfterUs = 30_000_000;

/** Saves what comes in, and measures each attempt when it is whole, each campaign when it has ended. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #campaigns = new Map<string, CampaignIntake>();
  readonly #damaged = new Set<string>();
  readonly #recoveries: RecoveryWatch;
  /** Attempts are measured one after the other: only one at a time is in memory. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#recoveries = new RecoveryWatch(options.reporter, options.log);
    mkdirSync(options.runs, { recursive: true });
  }

  /** Takes up the campaigns that had not ended when an earlier process did. */
  resume(): void {
    for (const name of readdirSync(this.#options.runs)) {
      if (!nameSchema.safeParse(name).success) continue;
      // A run with measures is over; what comes late opens it again.
      if (existsSync(new SavedRun(join(this.#options.runs, name)).measuresFile)) continue;
      this.#take(name, (intake) => {
        if (intake.hasEnded) this.#finish(intake);
        for (const attempt of intake.attempts) this.#look(intake, attempt);
      });
    }
  }

  event(event: Event): void {
    if (event.campaign === undefined) return;
    this.#take(event.campaign, (intake) => {
      const attempt = intake.event(event);
      if (attempt !== undefined) this.#look(intake, attempt);
      if (isKind(event, 'campaign.ended')) this.#finish(intake);
      if (isKind(event, 'block.ended')) this.#answer(intake, event.body.block);
    });
  }

  samples(batch: SampleBatch): void {
    const { campaign } = batch.header;
    if (campaign === undefined) return;
    this.#take(campaign, (intake) => {
      const attempt = intake.samples(batch);
      if (attempt !== undefined) this.#look(intake, attempt);
    });
  }

  /** Says of attempts that stay incomplete that they do. */
  async lookForIncomplete(): Promise<void> {
    const before = monotonicUs() - incompleteAfterUs;
    for (const intake of this.#campaigns.values()) {
      for (const attempt of intake.attempts) {
        const { said, endHeardUs } = attempt;
        if (said === 'nothing' && endHeardUs !== undefined && endHeardUs < before) {
          this.#enqueue(async () => await this.#measure(intake, attempt, 'incomplete'));
        }
      }
    }
    await this.#work;
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  /** Lets `use` work on a campaign. A run that is damaged is left as it is: what comes of it stays in the streams, and the others go on. */
  #take(name: string, use: (intake: CampaignIntake) => void): void {
    if (this.#damaged.has(name)) return;
    try {
      const known = this.#campaigns.get(name);
      const intake = known ?? new CampaignIntake(new SavedRun(join(this.#options.runs, name)));
      this.#campaigns.set(name, intake);
      use(intake);
    } catch (error) {
      // An append that failed may have torn the end of a file, which opening it anew cuts off.
      this.#campaigns.delete(name);
      if (!(error instanceof OrdealError) || error.code !== 'DAMAGED_RUN') throw error;
      this.#damaged.add(name);
      this.#options.log.error(
        { campaign: name, why: error.message },
        'nothing more of this campaign is saved',
      );
    }
  }

  #look(intake: CampaignIntake, attempt: AttemptIntake): void {
    this.#recoveries.look(intake, attempt);
    this.#measureWhenWhole(intake, attempt);
  }

  #measureWhenWhole(intake: CampaignIntake, attempt: AttemptIntake): void {
    if (attempt.said === 'final' || !attempt.isWhole) return;
    this.#enqueue(async () => await this.#measure(intake, attempt, 'whole'));
  }

  async #measure(
    intake: CampaignIntake,
    attempt: AttemptIntake,
    reason: 'whole' | 'incomplete',
  ): Promise<void> {
    if (attempt.said === 'final') return;
    const { events } = attempt;
    const measures = await intake.measure(attempt);
    if (!measures.final && reason === 'whole') return;
    if (!measures.final && attempt.said === 'incomplete') return;
    attempt.said = measures.final ? 'final' : 'incomplete';
    const { trial, verdict, final, reasons } = measures;
    const { plan } = intake;
    const shown = plan && shownBy(measures, events, plan.definition);
    const scope = { campaign: intake.run.campaign, trial, attempt: attempt.attempt };
    this.#options.reporter.event(scope, {
      kind: 'trial.measured',
      final,
      verdict,
      reasons: [...reasons],
      ...(shown === undefined ? {} : { shown }),
    });
    this.#options.onMeasured(intake.run.campaign, measures);
    if (intake.hasEnded) await this.#write(intake);
  }

  /** How wide the intervals are by now. All of it is measured anew: nothing of it is kept in memory between two blocks. */
  #answer({ run, plan }: CampaignIntake, block: number): void {
    this.#enqueue(async () => {
      const { groups } = await measureSavedRun(run);
      const widths = plan?.until === undefined ? [] : widthsOf(groups, plan.until);
      this.#options.reporter.event({ campaign: run.campaign }, { kind: 'block.measured', block, widths });
    });
  }

  #finish(intake: CampaignIntake): void {
    this.#enqueue(async () => await this.#write(intake));
  }

  async #write(intake: CampaignIntake): Promise<void> {
    const { run } = intake;
    const measures = await measureSavedRun(run);
    await saveMeasures(run, measures);
    this.#options.log.info({ campaign: run.campaign, verdict: measures.verdict }, 'measured');
    if (intake.isOver) this.#campaigns.delete(run.campaign);
  }

  /** One after the other; an attempt that cannot be measured must not stop the others. */
  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work
      .then(work)
      .catch((err: unknown) => this.#options.log.error({ err }, 'could not measure'));
  }
}
