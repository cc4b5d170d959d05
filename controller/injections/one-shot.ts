import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { descriptorOf } from '../../injectors/catalogue.ts';
import type { Injection } from '../../proto/generated/ordeal/v1/Injection.ts';
import type { Log } from '../../service/log.ts';
import type { DesiredTask } from '../fleet/desired.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isFinal } from '../fleet/observed.ts';
import { mostSlowness } from '../fleet/slowness.ts';
import type { InjectionRecord } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { StopMarks } from '../state/stop-marks.ts';
import { awayUs, limits } from '../trial/limits.ts';
import { modeMessage } from '../trial/tasks.ts';
import type { KnownInjections } from './known.ts';

interface Options {
  readonly fleet: Fleet;
  readonly known: KnownInjections;
  readonly state: State;
  readonly marks: StopMarks;
  readonly halted: AbortSignal;
  readonly log: Log;
}

/** Injections by hand: outside of any campaign, with a record of their own. */
export class OneShots {
  readonly #options: Options;
  readonly #requests = new Map<string, Promise<readonly string[]>>();
  /** Those that are not over, also while they are only being stored, with their hosts. */
  readonly #open = new Map<string, string>();
  /** Aborts at a stop of everything, and is then replaced: what was asked for before does not start after it. */
  #stop = new AbortController();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The same request answers the same injections; `make` chooses them when it is new. */
  async inject(requestId: string, make: () => readonly InjectionRecord[]): Promise<Injection[]> {
    let ids = this.#requests.get(requestId);
    if (ids === undefined) {
      ids = this.#begin(make());
      this.#requests.set(requestId, ids);
      // One that began nothing may be asked again.
      ids.catch(() => this.#requests.delete(requestId));
    }
    return (await ids).map((id) => this.#options.known.message(id));
  }

  /** Orders the end and waits for it, as long as a revert may take. */
  async stop(id: string): Promise<Injection> {
    const { fleet, known, marks, halted } = this.#options;
    const host = known.hostOf(id);
    this.#order(id, 'stopped');
    const warning = await marks.warningOf([id]);
    if (fleet.host(host).connected) {
      const options = { withinUs: limits.revertUs, signal: halted };
      // Whatever comes of it, the answer is how the injection is.
      await fleet.waitFor(id, isFinal, options).catch(() => undefined);
    }
    return { ...known.message(id), warning };
  }

  /** Waits for nothing. */
  stopAll(reason: string): void {
    this.#stop.abort(new OrdealError('ABORTED', `everything was stopped: ${reason}`));
    this.#stop = new AbortController();
    for (const id of this.#open.keys()) this.#order(id, reason);
  }

  /** For a campaign, which would measure what was done by hand. */
  refuseUsed(hosts: readonly string[]): void {
    for (const [id, host] of this.#open) {
      if (!hosts.includes(host)) continue;
      throw new OrdealError('ALREADY_EXISTS', `the injection ${id}, made by hand, is on host "${host}"`, {
        remedy: `Wait until it has ended, or end it: \`ordeal stop ${id}\`.`,
      });
    }
  }

  /**
   * Takes up what an earlier controller left. One whose start was ordered goes on: its agent knows when it ends, and refuses a start that has
   * passed. One whose start was not ordered is ended, and so is one that was ordered to stop.
   */
  resume(records: readonly InjectionRecord[]): void {
    const { fleet, marks } = this.#options;
    for (const record of records) {
      const ids = this.#requests.get(record.requestId) ?? Promise.resolve([]);
      this.#requests.set(
        record.requestId,
        ids.then((others) => [...others, record.id]),
      );
      const neverStarted = record.startUs === 0;
      // The machine was started again since: its clock began anew, and the instant means nothing.
      const ofAnotherClock = record.startUs > monotonicUs() + limits.injectLeadUs * mostSlowness;
      const reason = marks.reasonFor(record.id);
      const end = neverStarted || ofAnotherClock || reason !== undefined;
      fleet.assign(record.target.host, { ...taskOf(record), end });
      this.#follow(record);
      if (reason !== undefined) this.#order(record.id, reason);
    }
  }

  async #begin(records: readonly InjectionRecord[]): Promise<readonly string[]> {
    const { fleet, known, state, halted } = this.#options;
    const signal = AbortSignal.any([halted, this.#stop.signal]);
    const ids = records.map(({ id }) => id);
    for (const { id, target } of records) this.#open.set(id, target.host);
    try {
      // Before anything is sent: a controller that dies now finds them, and ends them.
      for (const record of records) await state.putInjection(record, { patient: false });
      signal.throwIfAborted();
    } catch (error) {
      for (const id of ids) this.#open.delete(id);
      throw error;
    }
    for (const record of records) {
      fleet.assign(record.target.host, taskOf(record));
      this.#follow(record);
    }
    try {
      await this.#start(records, signal);
    } catch (error) {
      for (const id of ids) fleet.end(id);
      if (signal.aborted) throw OrdealError.from(signal.reason, 'ABORTED');
      await this.#settled(ids);
      // What one of them failed of is in the answer; what came of the store or of the wait is not.
      if (!ids.some((id) => known.message(id).state === 'failed')) throw error;
    }
    return ids;
  }

  async #start(records: readonly InjectionRecord[], signal: AbortSignal): Promise<void> {
    const { fleet, state } = this.#options;
    const each = async (usualUs: number, done: (state: string) => boolean): Promise<void> => {
      const waits = records.map(async ({ id, mechanism, parameters }) => {
        // Of a host that the fault crashes the next agent tells.
        const crashes = descriptorOf(mechanism)?.crashesHost;
        const back = crashes ? awayUs(mechanism, JSON.parse(parameters)) : undefined;
        const patience =
          back === undefined ? { withinUs: usualUs } : { withinUs: usualUs + back, awayUs: back };
        const status = await fleet.waitFor(id, (said) => done(said.state), { ...patience, signal });
        if (status.state === 'FAILED') throw new OrdealError('APPLY_FAILED', status.errorMessage);
      });
      await Promise.all(waits);
    };
    await each(limits.stageUs, () => true);
    const hosts = records.map(({ target }) => target.host);
    const leadUs = fleet.patienceUs(hosts, limits.injectLeadUs);
    const begun = records.map((record) => ({ ...record, startUs: monotonicUs() + leadUs }));
    for (const record of begun) await state.putInjection(record, { patient: false });
    signal.throwIfAborted();
    // The writes took time; the start is the same for all, and ahead.
    const startUs = monotonicUs() + leadUs;
    for (const record of begun) fleet.assign(record.target.host, taskOf({ ...record, startUs }));
    await each(limits.activeUs, (said) => said !== 'STAGED');
  }

  async #settled(ids: readonly string[]): Promise<void> {
    const { fleet, halted } = this.#options;
    const options = { withinUs: limits.endUs, signal: halted };
    await Promise.allSettled(ids.map(async (id) => await fleet.waitFor(id, isFinal, options)));
  }

  /** First the order, then the mark: whatever the own disk does, the fault ends. */
  #order(id: string, reason: string): void {
    this.#options.fleet.end(id);
    if (this.#open.has(id)) this.#options.marks.add(id, reason);
  }

  /** Until it is over, however long its host is away; then its record goes. */
  #follow({ id, target }: InjectionRecord): void {
    const { fleet, state, marks, halted, log } = this.#options;
    this.#open.set(id, target.host);
    const ever = { withinUs: Number.POSITIVE_INFINITY, awayUs: Number.POSITIVE_INFINITY, signal: halted };
    fleet
      .waitFor(id, isFinal, ever)
      .then(async () => {
        this.#open.delete(id);
        await state.deleteInjection(id);
        marks.remove(id);
        fleet.forget(id);
      })
      .catch((error: unknown) => {
        if (!halted.aborted)
          log.error({ injection: id, err: error }, 'an injection is not followed any more');
      });
  }
}

function taskOf(record: InjectionRecord): DesiredTask {
  const { id, cell, mechanism, target, parameters, mode, seed, startUs, durationUs, onRestart } = record;
  const message = modeMessage(mode);
  const work = { fault: 'by hand', cell, mechanism, target, parameters, mode: message };
  return { id, injection: { ...work, seed, startUs, durationUs, onRestart } };
}
