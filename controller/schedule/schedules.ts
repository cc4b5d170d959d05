import { setTimeout as sleep } from 'node:timers/promises';
import { readCampaign } from '../../campaign/read.ts';
import { readSchedule } from '../../campaign/schedule/read.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Log } from '../../service/log.ts';
import type { State } from '../state/state.ts';
import { everySchedule, type StopMarks } from '../state/stop-marks.ts';
import { startCampaign, type StartOptions } from './campaign-start.ts';
import { KeptSchedule } from './kept-schedule.ts';
import type { Firing, ScheduleRecord } from './records.ts';

export interface SchedulesOptions extends StartOptions {
  readonly state: State;
  readonly marks: StopMarks;
  readonly halted: AbortSignal;
  readonly log: Log;
}

/** An agent dials again within 5 s: a plan that is made before that would lack its host. */
const settleMs = 10_000;
const lookEveryMs = 1_000;

type File = ScheduleRecord['file'];

/** The schedules that the controller keeps, and what it does about them. */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #kept = new Map<string, KeptSchedule>();
  /** One thing at a time is done to schedules; only a stop of everything waits for none. */
  #turn: Promise<void> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();
  #stops = 0;

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  get all(): readonly KeptSchedule[] {
    return [...this.#kept.values()].toSorted((one, other) => (one.record.name < other.record.name ? -1 : 1));
  }

  get(name: string): KeptSchedule {
    const kept = this.#kept.get(name);
    if (kept === undefined)
      throw new OrdealError('NOT_FOUND', `there is no schedule "${name}"`, {
        remedy: '`ordeal schedule list` shows those that there are.',
      });
    return kept;
  }

  /** The same files again are the same schedule. */
  async add(file: File, campaign: ScheduleRecord['campaign']): Promise<KeptSchedule> {
    const { name } = readSchedule(file.text, file.name);
    readCampaign(campaign.text, campaign.name, campaign);
    return await this.#inTurn(async () => {
      const other = this.#kept.get(name);
      if (other?.record.file.text === file.text && other.record.campaign.text === campaign.text) return other;
      if (other !== undefined)
        throw new OrdealError('ALREADY_EXISTS', `there is a schedule "${name}", and it is not the same`, {
          remedy: `Give this one another name, or remove the other with \`ordeal schedule remove ${name}\`.`,
        });
      const kept = new KeptSchedule({ name, file, campaign, throughMs: this.#options.now() }, []);
      // From here on a stop of everything reaches it.
      this.#kept.set(name, kept);
      try {
        await this.#options.state.putSchedule(kept.record, { patient: false });
      } catch (error) {
        this.#kept.delete(name);
        // The write that was given up may arrive all the same, and nobody was told of a schedule.
        this.#inBackground(this.#options.state.deleteSchedule(name));
        throw error;
      }
      return kept;
    });
  }

  /** What it has started goes on. */
  async remove(name: string): Promise<KeptSchedule> {
    return await this.#inTurn(async () => {
      const kept = this.get(name);
      const { state } = this.#options;
      await state.deleteSchedule(name, { patient: false });
      this.#kept.delete(name);
      for (const firing of kept.firings) this.#inBackground(state.deleteFiring(firing));
      return kept;
    });
  }

  async pause(name: string, reason: string): Promise<KeptSchedule> {
    return await this.#inTurn(async () => {
      const kept = this.get(name);
      kept.record.pausedBecause ??= reason;
      await this.#options.state.putSchedule(kept.record, { patient: false });
      return kept;
    });
  }

  /** From now on: what passed meanwhile is not made up for. */
  async unpause(name: string): Promise<KeptSchedule> {
    return await this.#inTurn(async () => {
      const kept = this.get(name);
      const { pausedBecause } = kept.record;
      if (pausedBecause === undefined) return kept;
      delete kept.record.pausedBecause;
      kept.passed(this.#options.now());
      try {
        await this.#options.state.putSchedule(kept.record, { patient: false });
      } catch (error) {
        kept.record.pausedBecause ??= pausedBecause;
        throw error;
      }
      return kept;
    });
  }

  /** Memory and the own disk only. Answers the names of those that it paused. */
  pauseAll(reason: string): string[] {
    const { marks, state } = this.#options;
    const paused = this.all.filter(({ isPaused }) => !isPaused);
    if (paused.length === 0) return [];
    marks.add(everySchedule, reason);
    const stop = ++this.#stops;
    const stored = paused.map(async ({ record }) => {
      record.pausedBecause = reason;
      await state.putSchedule(record);
    });
    const unmark = (): void => {
      if (this.#stops === stop) marks.remove(everySchedule);
    };
    this.#inBackground(Promise.all(stored).then(unmark));
    return paused.map(({ record }) => record.name);
  }

  /** Takes up what an earlier controller left. */
  async resume(records: readonly ScheduleRecord[], firings: readonly Firing[]): Promise<void> {
    const { log, marks, state } = this.#options;
    for (const record of records) {
      // Asked now, not when the resume began: everything may have been stopped meanwhile.
      const stopped = marks.reasonFor(everySchedule);
      if (stopped !== undefined && record.pausedBecause === undefined) {
        record.pausedBecause = stopped;
        await state.putSchedule(record);
      }
      const own = firings.filter(({ schedule }) => schedule === record.name);
      try {
        this.#kept.set(record.name, new KeptSchedule(record, own));
      } catch (error) {
        log.error({ schedule: record.name, err: error }, 'a schedule cannot be read; it is left alone');
      }
    }
    if (this.#stops === 0) marks.remove(everySchedule);
    this.#running = this.#run();
  }

  /** After the signal to halt: until nothing of it runs any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Decides on every instant that has come. */
  async look(): Promise<void> {
    for (const { record } of this.all)
      await this.#inTurn(async () => {
        const kept = this.#kept.get(record.name);
        const decision = kept?.due(this.#options.now());
        if (kept === undefined || decision === undefined) return;
        await this.#decided(kept, { schedule: record.name, decidedMs: this.#options.now(), ...decision });
      });
  }

  async #run(): Promise<void> {
    const { halted, log, now } = this.#options;
    const pause = async (ms: number): Promise<void> =>
      await sleep(ms, undefined, { signal: halted }).catch(() => undefined);
    await pause(settleMs);
    for (const kept of this.all)
      for (const firing of kept.firings.filter(({ outcome }) => outcome === 'decided'))
        await this.#inTurn(async () => await this.#start(kept, firing));
    while (!halted.aborted) {
      await this.look().catch((error: unknown) => {
        if (!halted.aborted) log.warn({ err: error }, 'schedules cannot be decided on; trying again');
      });
      await pause(lookEveryMs - (now() % lookEveryMs));
    }
  }

  /** The decision is in the store before anything is done: whoever comes after a crash does the same, and nothing else. */
  async #decided(kept: KeptSchedule, decision: Firing): Promise<void> {
    const { state } = this.#options;
    const firing = await state.createFiring(decision);
    kept.passed(firing.instantMs);
    this.#inBackground(state.putSchedule(kept.record));
    for (const old of kept.remember(firing)) this.#inBackground(state.deleteFiring(old));
    if (firing.outcome === 'decided') await this.#start(kept, firing);
    else this.#tell(firing);
  }

  async #start(kept: KeptSchedule, firing: Firing): Promise<void> {
    const { halted, state } = this.#options;
    const isHalted = (): boolean => halted.aborted;
    if (isHalted()) return;
    try {
      firing.campaign = await startCampaign(kept, firing, this.#options);
      firing.outcome = 'started';
    } catch (error) {
      // What a controller that stops has not come to is for the next one.
      if (isHalted()) return;
      firing.outcome = 'skipped';
      firing.reason = OrdealError.from(error).message;
    }
    this.#tell(firing);
    this.#inBackground(state.putFiring(firing));
  }

  #tell({ schedule, instantMs, outcome, campaign, reason, passed }: Firing): void {
    const instant = new Date(instantMs).toISOString();
    this.#options.log.info(
      { schedule, instant, outcome, campaign, reason, passed },
      'an instant of a schedule',
    );
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return await turn;
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      const { halted, log } = this.#options;
      if (!halted.aborted) log.error({ err: error }, 'what was decided on schedules could not be stored');
    });
  }
}
