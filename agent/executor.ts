import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Task__Output } from '../proto/generated/ordeal/v1/Task.ts';
import { Orders } from './orders.ts';
import type { Outbox } from './outbox.ts';
import { attemptOf, scopeOf } from './scope.ts';
import { settle } from './settle.ts';
import { failed, statusOf, type Status } from './status.ts';
import { runClose } from './tasks/close.ts';
import { runCommand } from './tasks/command.ts';
import { runHostCheck } from './tasks/host-check.ts';
import { runInjection } from './tasks/injection.ts';
import { runServiceCheck } from './tasks/service-check.ts';
import type { TaskRun } from './tasks/task-run.ts';
import { runWatch } from './tasks/watch.ts';
import { runWorkload } from './tasks/workload.ts';
import type { Workbench } from './workbench.ts';

interface Running {
  readonly attempt: string | undefined;
  readonly closes: boolean;
  readonly orders: Orders;
  readonly done: Promise<void>;
}

const lookEveryMs = 20;

/** Brings what this host does to what the controller wants: the same set twice changes nothing, and no task runs twice. */
export class Executor {
  readonly #bench: Workbench;
  readonly #outbox: Outbox;
  readonly #running = new Map<string, Running>();
  readonly #attempts = new Set<string>();
  /** Undefined until the controller has said it for the first time: until then nothing is known to be unwanted. */
  #wanted: ReadonlySet<string> | undefined;
  #stopping = false;

  constructor(bench: Workbench, outbox: Outbox) {
    this.#bench = bench;
    this.#outbox = outbox;
  }

  reconcile(tasks: readonly Task__Output[]): void {
    if (this.#stopping) return;
    const before = this.#wanted;
    const wanted = new Set(tasks.map((task) => task.id));
    this.#wanted = wanted;
    // Who wants it anew is a controller that was started meanwhile, and knows nothing of what its predecessor was told.
    for (const id of wanted) if (before?.has(id) !== true) this.#outbox.repeat(id);
    for (const task of tasks) {
      const running = this.#running.get(task.id);
      if (running !== undefined) running.orders.update(task);
      else if (this.#outbox.outcomeOf(task.id) === undefined) this.#start(task);
    }
    for (const [id, { orders }] of this.#running) {
      if (!wanted.has(id)) orders.end();
    }
    this.forgetSettled();
  }

  /** The next set of tasks may come from another controller: all that it wants is new to it. */
  forgetWanted(): void {
    this.#wanted = undefined;
  }

  /** What has ended, is acknowledged and is wanted no longer will not be asked for again. */
  forgetSettled(): void {
    if (this.#wanted === undefined) return;
    for (const id of this.#outbox.finished()) {
      if (this.#wanted.has(id) || this.#running.has(id) || !this.#outbox.isAcknowledged(id)) continue;
      this.#outbox.forget(id).catch((error: unknown) => {
        this.#bench.log.warn({ task: id, err: error }, 'the outcome of a task could not be removed');
      });
    }
  }

  /** Ends every task; resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { orders } of this.#running.values()) orders.end();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #start(task: Task__Output): void {
    const orders = new Orders(task);
    const scope = scopeOf(task);
    const attempt = attemptOf(scope);
    if (attempt !== undefined && !this.#attempts.has(attempt)) {
      this.#attempts.add(attempt);
      this.#bench.clockReports.say(scope);
    }
    this.#running.set(task.id, {
      attempt,
      closes: task.work === 'close',
      orders,
      done: this.#run(task, orders),
    });
  }

  async #neighboursOf(task: Task__Output, orders: Orders): Promise<void> {
    const attempt = attemptOf(scopeOf(task));
    const isAwaited = ([id, one]: [string, Running]): boolean =>
      one.attempt === attempt && !one.closes && !this.#bench.live.isStuck(id);
    while (!orders.isEnded && [...this.#running].some(isAwaited)) await sleep(lookEveryMs);
  }

  async #run(task: Task__Output, orders: Orders): Promise<void> {
    // The caller has to know the task before it can end.
    await Promise.resolve();
    const log = this.#bench.log.child({ task: task.id, campaign: task.campaign, trial: task.trial });
    const after: (() => Promise<void>)[] = [];
    let over = false;
    const run: TaskRun = {
      task,
      orders,
      scope: scopeOf(task),
      bench: { ...this.#bench, log },
      say: (status) => {
        if (!over) this.#outbox.say(statusOf(task.id, status));
      },
      begun: async (leader) => await this.#outbox.begin(task.id, leader),
      neighbours: async () => await this.#neighboursOf(task, orders),
      afterwards: (act) => {
        after.push(act);
      },
    };
    log.info({ work: task.work }, 'a task begins');
    const status = await doWork(run);
    over = true;
    log.info({ state: status.state, error: status.error }, 'a task is over');
    const outcome = statusOf(task.id, status);
    const forget = async (): Promise<void> => {
      for (const act of after) await act();
    };
    await settle(outcome, forget, this.#outbox, log).catch((error: unknown) => {
      // A disk that lets nothing be removed: what is in the journal stays there, for the next start.
      log.error({ err: error }, 'what a task held could not be forgotten');
      this.#outbox.say(outcome);
    });
    this.#running.delete(task.id);
    this.forgetSettled();
  }
}

async function doWork(run: TaskRun): Promise<Status> {
  const { task, orders } = run;
  // It ended before this agent knew of it: nothing to do, and nothing was done.
  if (orders.isEnded) return { state: 'ENDED' };
  try {
    if (task.injection) return await runInjection(run, task.injection);
    if (task.workload) return await runWorkload(run, task.workload);
    if (task.command) return await runCommand(run, task.command);
    if (task.serviceCheck) return await runServiceCheck(run, task.serviceCheck);
    if (task.hostCheck) return await runHostCheck(run);
    if (task.watch) return await runWatch(run, task.watch);
    if (task.close) return await runClose(run);
    throw new OrdealError('UNSUPPORTED', `this agent does not know the work "${task.work ?? 'none'}"`, {
      remedy: 'Install the same version of Ordeal on every host.',
    });
  } catch (error) {
    return failed(error);
  }
}
