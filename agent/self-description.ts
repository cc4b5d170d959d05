import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { monotonicUs } from '../clock/monotonic.ts';
import { restMs } from '../clock/pace.ts';
import type { Hello } from '../proto/generated/ordeal/v1/Hello.ts';
import type { Resource } from '../proto/generated/ordeal/v1/Resource.ts';
import type { Log } from '../service/log.ts';
import type { Appointments } from './appointments.ts';
import type { Inventory } from './inventory.ts';
import type { KnownAbilities } from './known-abilities.ts';
import { version } from '../service/version.ts';

interface Options {
  readonly host: string;
  readonly bootId: string;
  readonly incarnation: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly inventory: Inventory;
  readonly abilities: KnownAbilities;
  readonly appointments: Appointments;
  readonly log: Log;
}

/** A container that came up is known after this, soon enough for the next trial. */
const lookEveryMs = 5_000;
/** What a mechanism needs (a program, a mounted hierarchy) changes only when somebody installs it. */
const looksPerAbilities = 12;

/** What this host tells of itself: looked at again and again, and told again when it has changed. */
export class SelfDescription {
  readonly #options: Options;
  #resources: readonly Resource[] = [];
  #lookUs = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get hello(): Hello {
    const { host, bootId, incarnation, labels, abilities } = this.#options;
    return {
      host,
      version: version(),
      incarnation,
      bootId,
      kernel: release(),
      labels: { ...labels },
      resources: [...this.#resources],
      capabilities: [...abilities.all],
      lookUs: this.#lookUs,
    };
  }

  /** The first look, which tells how quick this host is; also one that fails. */
  async look(): Promise<void> {
    const beganUs = monotonicUs();
    try {
      await this.#options.abilities.ask();
      await this.#lookAtResources();
    } finally {
      this.#lookUs = monotonicUs() - beganUs;
    }
  }

  /** Until the signal aborts. */
  async watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    const { abilities, appointments, log } = this.#options;
    const isOver = (): boolean => signal.aborted;
    let tookMs = 0;
    for (let looks = 1; !isOver(); looks += 1) {
      await sleep(restMs(tookMs, lookEveryMs), undefined, { signal, ref: false }).catch(() => undefined);
      if (isOver() || appointments.near) continue;
      const before = this.hello;
      const began = performance.now();
      try {
        if (looks % looksPerAbilities === 0) await abilities.askAgain();
        await this.#lookAtResources();
      } catch (error) {
        log.warn({ err: error }, 'what is on this host could not be looked at');
      }
      tookMs = performance.now() - began;
      if (!isDeepStrictEqual(before, this.hello)) onChange();
    }
  }

  async #lookAtResources(): Promise<void> {
    const found = await this.#options.inventory.look();
    this.#resources = found.map(({ kind, name, facts, partOf = [], protectedBecause = '' }) => ({
      kind,
      name,
      facts: { ...facts },
      protectedBecause,
      partOf: [...partOf],
    }));
  }
}
