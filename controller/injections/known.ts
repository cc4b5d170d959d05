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
  /** Nothing of it is ordered any more; where its end was not heard of, a look at its host has taken the place of that. */
  takenBack: boolean;
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
    fleet.onForget((id) => this.#takeBack(id));
    fleet.onStatus((host, status) => this.#hear(host, status));
  }

  /** Ids of those that are not over. */
  get open(): readonly string[] {
    return [...this.#known].flatMap(([id, known]) => (isOver(known) ? [] : [id]));
  }

  /** By how much the worst one is there beyond its duration; 0 where none is. */
  overdueUs(nowWallUs: number): number {
    const overdue = [...this.#known.values()].map((known) => {
      if (isOver(known) || known.startedWallUs === 0) return 0;
      return nowWallUs - known.startedWallUs - Number(known.task.injection?.durationUs ?? 0);
    });
    return overdue.reduce((worst, one) => Math.max(worst, one), 0);
  }

  list(endedToo: boolean): Injection[] {
    const ids = endedToo ? [...this.#known.keys()] : this.open;
    return ids.map((id) => this.message(id));
  }

  hostOf(id: string): string {
    return this.#get(id).host;
  }

  message(id: string): Injection {
    const { task, last, startedWallUs, host, takenBack } = this.#get(id);
    const { cell, mechanism, target, durationUs } = task.injection ?? {};
    return {
      id,
      campaign: task.campaign ?? '',
      trial: task.trial ?? '',
      cell: cell ?? '',
      mechanism: mechanism ?? '',
      target: target ?? null,
      durationUs: durationUs ?? 0,
      state: stateOf(last, !takenBack && this.#fleet.host(host).connected),
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
    this.#known.set(task.id, { startedWallUs: 0, ...before, takenBack: false, host, task });
    if (this.#known.size <= rememberedAtMost) return;
    for (const [id, other] of this.#known) {
      if (!isOver(other)) continue;
      this.#known.delete(id);
      return;
    }
  }

  #takeBack(id: string): void {
    const known = this.#known.get(id);
    if (known !== undefined) known.takenBack = true;
  }

  /** Of an injection only its own host can tell. */
  #hear(host: string, status: TaskStatus__Output): void {
    const known = this.#known.get(status.id);
    if (known?.host !== host || isFinal(known.last)) return;
    if (status.state === 'ACTIVE' && known.startedWallUs === 0) known.startedWallUs = wallUs();
    known.last = status;
  }
}

function isOver({ last, takenBack }: Known): boolean {
  return takenBack || isFinal(last);
}

function stateOf(last: TaskStatus__Output | undefined, heard: boolean): string {
  if (last !== undefined && isFinal(last)) return last.state.toLowerCase();
  if (!heard) return 'lost';
  return last === undefined ? 'staged' : last.state.toLowerCase();
}
