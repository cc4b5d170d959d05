import type { Task } from '../../proto/generated/ordeal/v1/Task.ts';

/** A task has an id and, but for that, what the contract says of it. */
export interface DesiredTask extends Task {
  id: string;
}

/** What each host shall do: set by the controller alone, sent whole. */
export class Desired {
  readonly #byHost = new Map<string, Map<string, DesiredTask>>();
  readonly #hostOf = new Map<string, string>();

  /** Adds or replaces a task. One that was ended stays ended: an order to stop is never undone by a later step. */
  assign(host: string, task: DesiredTask): void {
    const tasks = this.#byHost.get(host) ?? new Map<string, DesiredTask>();
    this.#byHost.set(host, tasks);
    const end = task.end === true || tasks.get(task.id)?.end === true;
    tasks.set(task.id, { ...task, end });
    this.#hostOf.set(task.id, host);
  }

  /** Answers the host that has to be told, where there is something to tell. */
  end(id: string): string | undefined {
    const host = this.#hostOf.get(id);
    const tasks = host === undefined ? undefined : this.#byHost.get(host);
    const task = tasks?.get(id);
    if (task === undefined || task.end === true) return undefined;
    tasks?.set(id, { ...task, end: true });
    return host;
  }

  forget(id: string): string | undefined {
    const host = this.#hostOf.get(id);
    if (host === undefined) return undefined;
    this.#hostOf.delete(id);
    this.#byHost.get(host)?.delete(id);
    return host;
  }

  hostOf(id: string): string | undefined {
    return this.#hostOf.get(id);
  }

  of(host: string): DesiredTask[] {
    return [...(this.#byHost.get(host)?.values() ?? [])];
  }
}
