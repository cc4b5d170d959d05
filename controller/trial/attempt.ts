import { randomBytes } from 'node:crypto';
import type { Rule } from '../../campaign/definition.ts';
import { faultsOf } from '../../campaign/faults-of.ts';
import type { TrialPlan } from '../../campaign/plan.ts';
import type { EventBody } from '../../events/event.ts';
import type { TrialStep } from '../../events/kinds.ts';
import type { TaskStatus__Output } from '../../proto/generated/ordeal/v1/TaskStatus.ts';
import type { Log } from '../../service/log.ts';
import type { DesiredTask } from '../fleet/desired.ts';
import type { Fleet, WaitOptions } from '../fleet/fleet.ts';
import { isFinal } from '../fleet/observed.ts';
import type { AttemptIds, PlanHead } from '../state/records.ts';
import type { Schedule } from './schedule.ts';
import { failureOf } from './failure.ts';

export interface AttemptOptions {
  readonly campaign: string;
  readonly plan: PlanHead;
  readonly trial: TrialPlan;
  readonly attempt: number;
  readonly ids: AttemptIds;
  /** Every host of the campaign: a golden run is watched on the same hosts as a trial with a fault. */
  readonly hosts: readonly string[];
  readonly fleet: Fleet;
  readonly say: (body: EventBody) => void;
  /** What the metrics service last said of the recovery; undefined while it has said nothing. */
  readonly recoveryIsOpen: () => boolean | undefined;
  /** By which rule the infrastructure has said something of this meaning since an instant; undefined where it has not. */
  readonly noticed: (means: Rule['means'], sinceUs: number) => string | undefined;
  /** Tells people how far it is; not waited for. */
  readonly onStep: (step: TrialStep) => void;
  /** Aborts when the campaign is aborted: no step goes on, the teardown does. */
  readonly aborted: AbortSignal;
  /** Aborts when the controller stops: nothing goes on, the next controller finds the attempt interrupted. */
  readonly halted: AbortSignal;
  readonly log: Log;
}

type Work = Omit<DesiredTask, 'id' | 'campaign' | 'trial' | 'attempt'>;

/** One try at a trial: what its steps share. */
export class Attempt {
  readonly options: AttemptOptions;
  readonly #broken = new AbortController();
  readonly #tasks = new Set<string>();
  #schedule: Schedule | undefined;
  #tearingDown = false;

  constructor(options: AttemptOptions) {
    this.options = options;
  }

  get plan(): PlanHead {
    return this.options.plan;
  }
  get trial(): TrialPlan {
    return this.options.trial;
  }
  get hosts(): readonly string[] {
    return this.options.hosts;
  }
  get schedule(): Schedule {
    if (this.#schedule === undefined) throw new Error('the schedule is made when the load is ordered');
    return this.#schedule;
  }
  set schedule(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** By which every wait of the current step ends early. */
  get signal(): AbortSignal {
    const { aborted, halted } = this.options;
    return this.#tearingDown ? halted : AbortSignal.any([aborted, halted, this.#broken.signal]);
  }

  /** From now on only the stop of the controller interrupts a step, and no fault or load is begun. */
  tearDown(): void {
    this.#tearingDown = true;
  }

  /** What is going on is pointless: the load is gone. */
  break(error: unknown): void {
    this.#broken.abort(error);
  }

  taskId(name: string): string {
    return `${this.options.ids.prefix}-${name}`;
  }

  assign(host: string, id: string, work: Work): void {
    this.signal.throwIfAborted();
    const { campaign, trial, attempt, fleet } = this.options;
    this.#tasks.add(id);
    fleet.assign(host, { ...work, id, campaign, trial: trial.id, attempt });
  }

  /** Waits for the end of a task; a failure of it is thrown. */
  async ended(id: string, options: Omit<WaitOptions, 'signal'>): Promise<TaskStatus__Output> {
    const status = await this.wait(id, isFinal, options);
    if (status.state === 'FAILED') throw failureOf(status);
    return status;
  }

  async wait(
    id: string,
    predicate: (status: TaskStatus__Output) => boolean,
    options: Omit<WaitOptions, 'signal'>,
  ): Promise<TaskStatus__Output> {
    return await this.options.fleet.waitFor(id, predicate, { ...options, signal: this.signal });
  }

  get tasks(): readonly string[] {
    return [...this.#tasks];
  }

  /** Takes back what is over, so that the set of a host does not grow for ever. */
  forget(): void {
    for (const id of this.#tasks) this.options.fleet.forget(id);
    this.#tasks.clear();
  }
}

/** Chosen, and stored, before the attempt begins. Ids of injections name handles in kernels, which have little room: 11 characters. */
export function attemptIds(trial: TrialPlan, attempt: number): AttemptIds {
  return {
    prefix: `${trial.id}-${attempt}-${randomBytes(4).toString('hex')}`,
    injections: faultsOf(trial).flatMap(({ fault }) => fault.targets.map(() => injectionId())),
  };
}

export function injectionId(): string {
  return `i${randomBytes(5).toString('hex')}`;
}
