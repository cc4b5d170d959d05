import { OrdealError } from '../errors/ordeal-error.ts';
import type { Scope } from '../events/reporter.ts';
import type { Target } from '../injectors/target.ts';

interface Live {
  readonly id: string;
  readonly place: string;
  target: Target;
  readonly scope: Scope;
  active: boolean;
  stuckBecause?: string;
}

/** The injections that this host holds between staging and the proof that nothing is left of them. */
export class LiveInjections {
  readonly #live = new Map<string, Live>();
  #ever = 0;

  /**
   * Two of one mechanism on one target would each take the other's state for the one to restore, so the second is
   * refused. Taken before the state is read.
   */
  add(id: string, mechanism: string, target: Target, scope: Scope): void {
    const place = placeOf(mechanism, target);
    for (const other of this.#live.values()) {
      if (other.id === id || other.place === place) {
        throw new OrdealError('ALREADY_EXISTS', `injection ${other.id} (${other.place}) is not over yet`);
      }
    }
    this.#hold({ id, place, scope, target, active: false });
  }

  /** One that the journal names: it is there, whatever else is, and has to be taken away. */
  adopt(id: string, mechanism: string, target: Target, scope: Scope): void {
    this.#hold({ id, place: placeOf(mechanism, target), scope, target, active: false });
  }

  /** It goes on on what has taken the place of its target. */
  move(id: string, target: Target): void {
    const live = this.#live.get(id);
    if (live !== undefined) live.target = target;
  }

  activate(id: string): void {
    const live = this.#live.get(id);
    if (live !== undefined) live.active = true;
  }

  stick(id: string, because: string): void {
    const live = this.#live.get(id);
    if (live !== undefined) live.stuckBecause = because;
  }

  remove(id: string): void {
    this.#live.delete(id);
  }

  /** The same as long as none comes; undefined while one is there. */
  get peace(): number | undefined {
    return this.#live.size === 0 ? this.#ever : undefined;
  }

  get targets(): Target[] {
    return [...this.#live.values()].map(({ target }) => target);
  }

  get activeCount(): number {
    return [...this.#live.values()].filter((one) => one.active).length;
  }

  get stuckCount(): number {
    return [...this.#live.values()].filter((one) => one.stuckBecause !== undefined).length;
  }

  /** Whether a handle in the kernel, which carries the id of its injection in its name, is of one that is not stuck. */
  owns(handle: string): boolean {
    return [...this.#live.values()].some((one) => {
      // The id as a whole: "i-1" is meant neither by what is named after "i-10" nor after "x-i-1".
      const named = new RegExp(`(^|[^a-z0-9-])${one.id}($|[^a-z0-9-])`).test(handle);
      return named && one.stuckBecause === undefined;
    });
  }

  isStuck(id: string): boolean {
    return this.#live.get(id)?.stuckBecause !== undefined;
  }

  /** A line each, in the order of their ids. */
  notOver(): string[] {
    const inOrder = [...this.#live.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
    return inOrder.map(({ id, place, scope, stuckBecause }) =>
      stuckBecause === undefined
        ? `injection ${id} (${place}), ${originOf(scope)}, is not over yet`
        : `injection ${id} (${place}): ${stuckBecause}`,
    );
  }

  #hold(live: Live): void {
    this.#live.set(live.id, live);
    this.#ever += 1;
  }
}

function placeOf(mechanism: string, target: Target): string {
  return `${mechanism} on ${target.kind} "${target.kind === 'host' ? target.host : target.name}"`;
}

function originOf({ campaign, trial }: Scope): string {
  if (campaign === undefined) return 'ordered by hand';
  return trial === undefined
    ? `of the campaign ${campaign}`
    : `of trial ${trial} of the campaign ${campaign}`;
}
