import { setTimeout as sleep } from 'node:timers/promises';
import type { Task__Output } from '../proto/generated/ordeal/v1/Task.ts';

/** What the controller wants of one task, as it becomes known: when it shall start, that it shall end. */
export class Orders {
  readonly #ended = new AbortController();
  #startUs: number | undefined;
  #startKnown: (startUs: number | undefined) => void = () => undefined;
  #nudge: () => void = () => undefined;

  /** In the controller's clock; undefined when the end was ordered first. What was once ordered is not taken back. */
  readonly start = new Promise<number | undefined>((resolve) => {
    this.#startKnown = resolve;
  });

  constructor(task: Task__Output) {
    this.update(task);
  }

  /** Aborts when the task is to be brought to its end. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  /** 0 while it is not known. */
  get startUs(): number {
    return this.#startUs ?? 0;
  }

  update(task: Task__Output): void {
    const startUs = task.injection?.startUs ?? task.workload?.startUs ?? 0;
    if (startUs !== 0 && this.#startUs === undefined) {
      this.#startUs = startUs;
      this.#startKnown(startUs);
    }
    if (task.end) this.end();
  }

  end(): void {
    this.#ended.abort();
    this.#startKnown(undefined);
    this.#nudge();
  }

  /** A pause before something is tried again; an order to end that is given (again) shortens it. */
  async pause(ms: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#nudge = resolve;
    });
    const timer = new AbortController();
    await Promise.race([
      woken,
      sleep(ms, undefined, { signal: timer.signal, ref: false }).catch(() => undefined),
    ]);
    timer.abort();
  }
}
