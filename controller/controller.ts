import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../clock/monotonic.ts';
import type { Bus } from '../events/bus.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Reporter } from '../events/reporter.ts';
import type { Log } from '../service/log.ts';
import { Campaigns } from './campaigns/campaigns.ts';
import { Fleet } from './fleet/fleet.ts';
import { KnownInjections } from './injections/known.ts';
import { OneShots } from './injections/one-shot.ts';
import { Schedules } from './schedule/schedules.ts';
import { Ownership } from './state/ownership.ts';
import { State } from './state/state.ts';
import { everySchedule, everything, StopMarks } from './state/stop-marks.ts';

interface Options {
  readonly stateDirectory: string;
  readonly bus: Bus;
  readonly reporter: Reporter;
  readonly log: Log;
}

interface Stopped {
  readonly campaigns: readonly string[];
  readonly injections: readonly string[];
  readonly schedules: readonly string[];
  /** Empty where the stop holds over a crash. */
  readonly warning: Promise<string>;
}

/** A controller reads its state in a second or two; a store that is away is to be told before people think that nothing happens. */
const readyWithinUs = 5_000_000;
const lookAgainMs = 50;

/** The parts of the controller, and how they take up what an earlier one left. */
export class Controller {
  readonly bus: Bus;
  readonly fleet: Fleet;
  readonly known: KnownInjections;
  readonly campaigns: Campaigns;
  readonly oneShots: OneShots;
  readonly schedules: Schedules;
  /** Resolves when the controller has to end: its store is another's. */
  readonly failed: Promise<OrdealError>;
  readonly #ownership: Ownership;
  readonly #state: State;
  readonly #marks: StopMarks;
  readonly #halt = new AbortController();
  readonly #log: Log;
  #ready = false;
  #fail: (error: OrdealError) => void = () => undefined;

  constructor({ stateDirectory, bus, reporter, log }: Options) {
    const halted = this.#halt.signal;
    this.failed = new Promise((resolve) => {
      this.#fail = (error) => {
        // Nothing more is begun or said, from this turn on.
        this.#halt.abort(error);
        this.fleet.close();
        log.error({ code: error.code, why: error.message }, 'the controller has to end');
        resolve(error);
      };
    });
    this.#log = log;
    this.bus = bus;
    this.fleet = new Fleet(log);
    this.known = new KnownInjections(this.fleet);
    this.#ownership = new Ownership({ stateDirectory, halted, onLost: (error) => this.#fail(error), log });
    this.#state = new State(this.#ownership, log, halted);
    this.#marks = new StopMarks(stateDirectory, log);
    const shared = { fleet: this.fleet, state: this.#state, marks: this.#marks, halted, log };
    this.oneShots = new OneShots({ ...shared, known: this.known });
    this.campaigns = new Campaigns({ ...shared, oneShots: this.oneShots, reporter, bus });
    this.schedules = new Schedules({ ...shared, campaigns: this.campaigns, now: () => Date.now() });
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /**
   * For requests that need the store: what an earlier controller left has to be known before anything is begun. Whoever asks right after the
   * start waits a moment for it.
   */
  async ready(): Promise<void> {
    const giveUpAtUs = monotonicUs() + readyWithinUs;
    while (!this.#ready) {
      if (monotonicUs() > giveUpAtUs) {
        const { rival } = this.#ownership;
        const why =
          rival === undefined
            ? 'the controller has not reached its store (NATS JetStream) yet'
            : `${rival} used the store; it is seen whether that is alive`;
        throw new OrdealError('STORE_UNAVAILABLE', why);
      }
      await sleep(lookAgainMs);
    }
  }

  /** Takes up what an earlier controller left, as soon as the store is there. */
  async resume(): Promise<void> {
    const { signal } = this.#halt;
    await this.#state.open(this.bus).catch((error: unknown) => {
      if (!signal.aborted) this.#fail(OrdealError.from(error));
      throw error;
    });
    const injections = await this.#state.injections();
    const campaigns = await this.#state.campaigns();
    const schedules = await this.#state.schedules();
    const firings = await this.#state.firings();
    const running = campaigns.filter(({ state }) => state === 'running');
    signal.throwIfAborted();
    // First the one-shots, which go on; then the agents are told, and so end what belongs to interrupted trials; these come last.
    this.oneShots.resume(injections);
    this.fleet.open();
    await this.campaigns.resume(campaigns);
    await this.schedules.resume(schedules, firings);
    await this.#becomeReady([...[...injections, ...running].map(({ id }) => id), everySchedule]);
    this.#log.info({ campaigns: running.length, injections: injections.length }, 'taken up what was left');
  }

  /** The kill switch: memory and messages to the agents, then the own disk; neither that nor the store is waited for. */
  stopAll(reason: string): Stopped {
    const schedules = this.schedules.pauseAll(reason);
    const campaigns = this.campaigns.abortAll(reason).map(({ record }) => record.id);
    const injections = this.known.open;
    this.oneShots.stopAll(reason);
    for (const id of injections) this.fleet.end(id);
    // Before the state was read no agent was told anything: now they are told that nothing shall be.
    this.fleet.open();
    if (!this.#ready) this.#marks.add(everything, reason);
    const marked = [...campaigns, ...injections, everySchedule, everything];
    return { campaigns, injections, schedules, warning: this.#marks.warningOf(marked) };
  }

  /**
   * A stop of everything is of what there was before it. Each of that carries a mark of its own now, so that the one for everything
   * goes before anything new can be begun; where one of them could not be written it stays, and rather stops too much. Marks of what no record
   * knows of go as well.
   */
  async #becomeReady(ids: readonly string[]): Promise<void> {
    const marks = this.#marks;
    const isNeeded = (id: string): boolean =>
      id === everything ? marks.unwritten(ids).size > 0 : ids.includes(id);
    while (!this.#ready) {
      await marks.settled();
      const needless = marks.ids.filter((id) => !isNeeded(id));
      for (const id of needless) marks.remove(id);
      this.#ready = needless.length === 0;
    }
  }

  /** What runs is left as it is, for the next controller: the agents end it by themselves. */
  async stop(): Promise<void> {
    this.#halt.abort(new OrdealError('ABORTED', 'the controller stops'));
    this.fleet.close();
    await this.schedules.settled();
    await this.campaigns.settled();
    await this.#ownership.release();
  }
}
