import type { TaskStatus__Output } from '../../proto/generated/ordeal/v1/TaskStatus.ts';

export type TaskState = TaskStatus__Output['state'];

/** A report that was said again after a broken session may come after a later one: a task never goes back. */
const order: Readonly<Record<TaskState, number>> = {
  STATE_UNSPECIFIED: 0,
  STAGED: 1,
  ACTIVE: 2,
  STUCK: 3,
  ENDED: 4,
  FAILED: 4,
};

export function isFinal(status: TaskStatus__Output | undefined): boolean {
  return status?.state === 'ENDED' || status?.state === 'FAILED';
}

/** What the agents say of the tasks. Kept in memory: agents say it again, and what a crash loses a check of the host proves anew. */
export class Observed {
  readonly #latest = new Map<string, TaskStatus__Output>();
  readonly #listeners = new Set<() => void>();

  record(status: TaskStatus__Output): void {
    const before = this.#latest.get(status.id);
    const isLater = before === undefined || order[status.state] > order[before.state];
    const isRepeatedStuck = before?.state === 'STUCK' && status.state === 'STUCK';
    if (isLater || isRepeatedStuck) this.#latest.set(status.id, status);
    this.changed();
  }

  get(id: string): TaskStatus__Output | undefined {
    return this.#latest.get(id);
  }

  forget(id: string): void {
    this.#latest.delete(id);
  }

  /** Wakes whoever waits, to look again. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Resolves at the next change, or after a pause; never rejects. */
  async next(pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, pauseMs);
      this.#listeners.add(done);
      signal?.addEventListener('abort', done);
      if (signal?.aborted === true) done();
    });
  }
}
