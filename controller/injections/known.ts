import { wallUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Injection } from '../../proto/generated/ordeal/v1/Injection.ts';
import type { TaskStatus__Output } from '../../proto/generated/ordeal/v1/TaskStatus.ts';
import type { DesiredTask } from '../fleet/desired.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isFinal } from '../fleet/observed.ts';

interface Known {
  readonly host: string;
  readonly task: DesiredTask;
  last?: TaskStatus__Output;
  startedWallUs: number;
}

/** A day of short trials; older ones are in the saved runs. */
const rememberedAtMost = 5_000;

/** Every injection that this controller has ordered, of campaigns or by hand, with the last that was heard of it. */
export class KnownInjections {
  readonly #fleet: Fleet;
  readonly #known = new Map<string, Known>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    fleet.onAssign((host, task) => this.#add(host, task));
    fleet.onStatus((status) => this.#hear(status));
  }

  /** Ids of those that are not over. */
  get open(): readonly string[] {
    return [...this.#known].flatMap(([id, { last }]) => (isFinal(last) ? [] : [id]));
  }

  get active(): number {
    return [...this.#known.values()].filter(({ last }) => last?.state === 'ACTIVE').length;
  }

  list(endedToo: boolean): Injection[] {
    const ids = endedToo ? [...this.#known.keys()] : this.open;
    return ids.map((id) => this.message(id));
  }

  hostOf(id: string): string {
    return this.#get(id).host;
  }

  message(id: string): Injection {
    const { task, last, startedWallUs, host } = this.#get(id);
    const { cell, mechanism, target, durationUs } = task.injection ?? {};
    return {
      id,
      campaign: task.campaign ?? '',
      trial: task.trial ?? '',
      cell: cell ?? '',
      mechanism: mechanism ?? '',
      target: target ?? null,
      durationUs: durationUs ?? 0,
      state: stateOf(last, this.#fleet.host(host).connected),
      errorCode: last?.errorCode ?? '',
      errorMessage: last?.errorMessage ?? '',
      effects: last?.effects ?? null,
      startedWallUs,
    };
  }

  #get(id: string): Known {
    const known = this.#known.get(id);
    if (known === undefined) throw new OrdealError('NOT_FOUND', `there is no injection "${id}"`);
    return known;
  }

  #add(host: string, task: DesiredTask): void {
    if (!task.injection) return;
    const before = this.#known.get(task.id);
    this.#known.set(task.id, { startedWallUs: 0, ...before, host, task });
    if (this.#known.size <= rememberedAtMost) return;
    for (const [id, { last }] of this.#known) {
      if (!isFinal(last)) continue;
      this.#known.delete(id);
      return;
    }
  }

  #hear(status: TaskStatus__Output): void {
    const known = this.#known.get(status.id);
    if (known === undefined || isFinal(known.last)) return;
    if (status.state === 'ACTIVE' && known.startedWallUs === 0) known.startedWallUs = wallUs();
    known.last = status;
  }
}

function stateOf(last: TaskStatus__Output | undefined, connected: boolean): string {
  if (last !== undefined && isFinal(last)) return last.state.toLowerCase();
  if (!connected) return 'lost';
  return last === undefined ? 'staged' : last.state.toLowerCase();
}
