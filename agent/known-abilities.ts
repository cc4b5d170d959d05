import type { Injector } from '../injectors/injector.ts';
import { askAbilities, type Ability } from './abilities.ts';
import type { LiveInjections } from './live-injections.ts';

/**
 * What the mechanisms can do on this host when nothing is done to it. Amid a fault they tell what the fault leaves of it: a processor that has
 * been taken off is none that can be taken off, and the next trial would be refused. So amid a fault they are believed what they can do, and not what they cannot.
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

  async askAgain(): Promise<void> {
    const { peace } = this.#live;
    const found = await askAbilities(this.#injectors);
    const isBelieved = peace !== undefined && this.#live.peace === peace;
    this.#all = isBelieved ? found : found.map((one) => this.#working(one.mechanism) ?? one);
  }

  #working(mechanism: string): Ability | undefined {
    return this.#all.find((one) => one.mechanism === mechanism && one.supported);
  }
}
