import type { Injector } from '../injectors/injector.ts';
import { askAbilities, type Ability } from './abilities.ts';
import type { LiveInjections } from './live-injections.ts';

/**
 * What the mechanisms can do on this host when nothing is done to it. Amid a fault they would tell what the fault leaves of it: a processor
 * that has been taken off is none that can be taken off, and the next trial would be refused.
 */
export class KnownAbilities {
  readonly #injectors: ReadonlyMap<string, Injector>;
  readonly #live: LiveInjections;
  #all: readonly Ability[] = [];

  constructor(injectors: ReadonlyMap<string, Injector>, live: LiveInjections) {
    this.#injectors = injectors;
    this.#live = live;
  }

  get all(): readonly Ability[] {
    return this.#all;
  }

  /** The first time, whatever is there. */
  async ask(): Promise<void> {
    this.#all = await askAbilities(this.#injectors);
  }

  /** False where a fault is there, or was meanwhile: then what was known holds. */
  async askAgain(): Promise<boolean> {
    const { peace } = this.#live;
    if (peace === undefined) return false;
    const found = await askAbilities(this.#injectors);
    if (this.#live.peace !== peace) return false;
    this.#all = found;
    return true;
  }
}
