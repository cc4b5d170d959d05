import { faultsOf } from '../../campaign/faults-of.ts';
import { wallUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { EventBody } from '../../events/event.ts';
import type { AttemptEnd, CampaignRecord, TrialRecord } from '../state/records.ts';
import { attemptIds, Attempt, type AttemptOptions } from '../trial/attempt.ts';
import { isWorthAnotherTry } from '../trial/failure.ts';
import { limits } from '../trial/limits.ts';
import { runAttempt } from '../trial/run.ts';
import { announce } from './announce.ts';
import { breachOf } from './breach.ts';
import type { CampaignOptions } from './campaign-options.ts';
import { doubtful, saidKey } from './doubtful.ts';
import { watchHosts } from './host-count.ts';
import { hostsOf } from './hosts.ts';
import { endInterrupted } from './interrupted.ts';
import { judge } from './judge.ts';
import { Pause } from './pause.ts';
import { provenanceOf } from './provenance.ts';
import { Pruning } from './pruning.ts';
import { waitUntilClean } from './quarantine.ts';
import { Sequential } from './sequential.ts';
import { CampaignStream } from './stream.ts';

/** A trial whose infrastructure failed is tried so often again; then it is unknown, and the campaign goes on. */
const retriesAtMost = 2;

/**
 * A campaign that has not ended: its trials one after the other. Every decision is stored before it is acted on, so that a controller that
 * is killed between any two lines finds, in the phase of each trial, what may have been begun and what is certain:
 * waiting - nothing is in flight, whatever attempt comes next has not been begun;
 * running - the attempt may or may not have been begun: it is ended as interrupted, and the next one is begun;
 * ending  - all of it has been taken back, and only words may be missing: they are looked up, said where they are, and the trial goes on;
 * ended   - never touched again;
 * pruning - it is decided that the trial is left out, and only the word may be missing; pruned - never touched again.
 */
export class RunningCampaign {
  readonly record: CampaignRecord;
  readonly trials: readonly TrialRecord[];
  readonly hosts: readonly string[];
  readonly pause: Pause;
  readonly #options: CampaignOptions;
  readonly #aborted = new AbortController();
  #stream: CampaignStream | undefined;
  /** What an earlier controller may have said already: it has to be looked up before it is said. */
  readonly #doubtful: ReadonlySet<string>;
  readonly #pruning: Pruning;
  readonly #sequential: Sequential;
  readonly #untilOver: AbortSignal;

  constructor(
    record: CampaignRecord,
    trials: readonly TrialRecord[],
    options: CampaignOptions,
    resumed: boolean,
  ) {
    this.record = record;
    this.trials = trials;
    const plans = trials.map(({ plan }) => plan);
    this.hosts = hostsOf(record.plan, plans);
    this.#options = { ...options, log: options.log.child({ campaign: record.id }) };
    this.#untilOver = AbortSignal.any([options.halted, this.#aborted.signal]);
    this.#pruning = new Pruning(record.plan.prune ?? [], trials);
    this.#sequential = new Sequential({
      record,
      trials,
      store: async () => await options.state.putCampaign(record),
      sayOnce: async (body) => await this.#sayOnce(body),
      measured: async (block) => {
        options.reporter.event({ campaign: record.id }, { kind: 'block.ended', block });
        return await this.#events().blockMeasured(block, limits.blockMeasuredUs, this.#untilOver);
      },
      over: this.#untilOver,
    });
    this.#doubtful = new Set(resumed ? doubtful(record, trials) : []);
    this.pause = new Pause(record, options.state, async (body) => await this.#sayOnce(body));
  }

  get isOver(): boolean {
    return this.record.state !== 'running';
  }

  /** In memory first, whatever the own disk then does; no store is waited for. */
  abort(reason: string): void {
    if (this.isOver || this.isAborted) return;
    this.#aborted.abort(new OrdealError('ABORTED', reason));
    this.#options.marks.add(this.record.id, reason);
  }

  get isAborted(): boolean {
    return this.#aborted.signal.aborted;
  }

  /** Resolves when the campaign has ended; rejects when the controller stops before. */
  async run(): Promise<void> {
    const { abort } = this.record.plan;
    const stopWatching = watchHosts(this.#options.fleet, this.hosts, abort?.hosts, (why) => this.abort(why));
    try {
      await this.#announce();
      await this.pause.takeUp();
      const failure = await this.#trials();
      if (this.isAborted) await this.#end('aborted', OrdealError.from(this.#aborted.signal.reason).message);
      else if (failure === undefined) await this.#end('completed');
      else await this.#end('failed', failure.message);
    } finally {
      stopWatching();
      this.#stream?.end();
    }
  }

  /** Says what an earlier controller did not come to say of a campaign that is over. */
  async sayEnd(): Promise<void> {
    const { reporter, state } = this.#options;
    const { record } = this;
    if (record.state === 'running' || record.saidEnded) return;
    const reason = record.reason === undefined ? {} : { reason: record.reason };
    await this.#sayOnce({ kind: 'campaign.ended', outcome: record.state, ...reason });
    await reporter.drained();
    record.saidEnded = true;
    await state.putCampaign(record);
    this.#stream?.end();
  }

  async #announce(): Promise<void> {
    const { reporter, state, fleet } = this.#options;
    const { record } = this;
    if (record.saidStarted) return;
    if (!(await this.#wasSaid('campaign.started'))) {
      const plans = this.trials.map(({ plan }) => plan);
      announce(reporter, record, plans, provenanceOf(fleet, this.hosts));
    }
    // It is in the spool, which outlives this process: said once, however often the record is found without this mark.
    record.saidStarted = true;
    await state.putCampaign(record);
  }

  /** Answers why the campaign cannot go on, where it cannot. */
  async #trials(): Promise<OrdealError | undefined> {
    const { fleet, halted } = this.#options;
    for (const trial of this.trials) {
      while (trial.phase !== 'ended' && trial.phase !== 'pruned') {
        if (trial.phase === 'running') await this.#interrupt(trial);
        else if (trial.phase === 'ending') await this.#finish(trial);
        else if (trial.phase === 'pruning') await this.#leaveOut(trial);
        else if (this.isAborted || this.#isBreached()) return undefined;
        else if (this.pause.isHeld) await this.pause.over(this.#untilOver);
        else if (await this.#prune(trial)) await this.#leaveOut(trial);
        else {
          const dirty = await waitUntilClean(fleet, this.hosts, this.#untilOver);
          halted.throwIfAborted();
          if (dirty !== undefined) return dirty;
          await this.#attempt(trial);
        }
      }
    }
    if (!this.isAborted) await this.#sequential.conclude();
    return undefined;
  }

  /** Ends the campaign where an abort condition is met: by what is stored, so that a crash between the two changes nothing. */
  #isBreached(): boolean {
    const breach = this.record.plan.abort && breachOf(this.record.plan.abort, this.trials);
    if (breach !== undefined) this.abort(breach);
    return breach !== undefined;
  }

  /** Whether the trial is left out, by what those before it have shown. Stored before it is acted on. */
  async #prune(trial: TrialRecord): Promise<boolean> {
    if (trial.attempt > 0) return false;
    const decision = (await this.#sequential.leavesOut(trial)) ?? this.#pruning.decide(trial);
    // Stored with the attempt, before that begins.
    if ('clusters' in decision) trial.clusters = decision.clusters;
    if (!('pruned' in decision)) return false;
    Object.assign(trial, { phase: 'pruning', pruned: decision.pruned } as const);
    await this.#options.state.putTrial(trial);
    return true;
  }

  async #leaveOut(trial: TrialRecord): Promise<void> {
    const { plan, pruned } = trial;
    if (pruned !== undefined) await this.#sayOnce({ kind: 'trial.pruned', ...pruned }, plan.id);
    trial.phase = 'pruned';
    await this.#options.state.putTrial(trial);
  }

  async #attempt(trial: TrialRecord): Promise<void> {
    const { state } = this.#options;
    // The hosts may have been waited for meanwhile.
    if (this.isAborted || this.pause.isHeld) return;
    trial.attempt += 1;
    trial.ids = attemptIds(trial.plan, trial.attempt);
    trial.phase = 'running';
    delete trial.end;
    await state.putTrial(trial);
    // What a fault waits for is heard from the beginning on, so that nothing that was said before it is heard late.
    if (faultsOf(trial.plan).some(({ upon }) => upon !== undefined)) this.#events();
    const result = await runAttempt(new Attempt(this.#attemptOptions(trial)));
    if (result.outcome === 'completed') {
      await this.#ending(trial, { outcome: 'completed', again: false });
      return;
    }
    const { outcome, error } = result;
    if (outcome === 'failed') trial.failures += 1;
    const again =
      outcome === 'failed' &&
      error.code !== 'DIRTY_HOST' &&
      isWorthAnotherTry(error) &&
      trial.failures <= retriesAtMost;
    await this.#ending(trial, { outcome, reason: error.message, again });
  }

  async #interrupt(trial: TrialRecord): Promise<void> {
    await endInterrupted(this.#attemptOptions(trial));
    const reason = 'the controller was started again during this attempt';
    await this.#ending(trial, { outcome: 'interrupted', reason, again: true });
  }

  async #ending(trial: TrialRecord, end: AttemptEnd): Promise<void> {
    trial.phase = 'ending';
    trial.end = end;
    await this.#options.state.putTrial(trial);
    await this.#finish(trial);
  }

  /** The last words on an attempt, then what follows from it. */
  async #finish(trial: TrialRecord): Promise<void> {
    const { reporter, state, halted, log } = this.#options;
    const { end, attempt, plan } = trial;
    if (end === undefined) throw new OrdealError('INTERNAL', `the record of ${plan.id} has no end`);
    const { outcome, reason, again } = end;
    const scope = { campaign: this.record.id, trial: plan.id, attempt };
    const because = reason === undefined ? {} : { reason };
    await this.#sayOnce({ kind: 'trial.ended', outcome, ...because }, plan.id, attempt);
    reporter.closeAttempt(scope);
    log.info({ trial: plan.id, attempt, outcome, reason }, 'an attempt has ended');
    if (outcome === 'completed') await judge(trial, this.#events(), this.#untilOver);
    else if (!again || this.isAborted) {
      trial.verdict = 'unknown';
      trial.reasons = [reason ?? outcome];
    }
    halted.throwIfAborted();
    trial.phase = again && !this.isAborted ? 'waiting' : 'ended';
    await state.putTrial(trial);
  }

  async #end(outcome: 'completed' | 'aborted' | 'failed', reason?: string): Promise<void> {
    const { state, marks, log } = this.#options;
    const { record } = this;
    record.state = outcome;
    if (reason !== undefined) record.reason = reason;
    record.endedWallUs = wallUs();
    await state.putCampaign(record);
    // The store knows it now; the mark on the disk has done its part.
    marks.remove(record.id);
    log.info({ outcome, reason }, 'a campaign has ended');
    await this.sayEnd();
  }

  /** Followed only while there is something to find in them. */
  #events(): CampaignStream {
    const { bus, halted, log } = this.#options;
    return (this.#stream ??= new CampaignStream({
      bus,
      campaign: this.record.id,
      rules: this.record.plan.definition.rules,
      halted,
      log,
    }));
  }

  #attemptOptions(trial: TrialRecord): AttemptOptions {
    const { fleet, reporter, state, halted, log } = this.#options;
    const { plan, attempt, ids = attemptIds(plan, attempt) } = trial;
    const scope = { campaign: this.record.id, trial: plan.id, attempt };
    return {
      campaign: this.record.id,
      plan: this.record.plan,
      trial: plan,
      attempt,
      ids,
      hosts: this.hosts,
      fleet,
      say: (body) => reporter.event(scope, body),
      recoveryIsOpen: () => this.#events().recoveryIsOpen(plan.id, attempt),
      noticed: (means, sinceUs) => this.#events().noticed(plan.id, attempt, means, sinceUs),
      // Nothing is decided by it, so no step waits for a store that is away.
      onStep: (step) => {
        trial.step = step;
        state.putTrial(trial).catch((error: unknown) => {
          if (!halted.aborted) log.warn({ err: error }, 'a step could not be stored');
        });
      },
      aborted: this.#aborted.signal,
      halted,
      log: log.child({ trial: plan.id, attempt }),
    };
  }

  /** Unless an earlier controller has said it. */
  async #sayOnce(body: EventBody, trial?: string, attempt?: number): Promise<void> {
    if (await this.#wasSaid(body.kind, trial, 'pause' in body ? body.pause : attempt)) return;
    this.#options.reporter.event({ campaign: this.record.id, trial, attempt }, body);
  }

  /** What waits in the spool has to be in the stream to be found there. */
  async #wasSaid(kind: EventBody['kind'], trial?: string, number?: number): Promise<boolean> {
    if (!this.#doubtful.has(saidKey(kind, trial, number))) return false;
    await this.#options.reporter.drained();
    return await this.#events().wasSaid(kind, this.#options.halted, trial, number);
  }
}
