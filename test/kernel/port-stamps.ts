import type { Lab } from '../../lab/lab.ts';
import { dataMac } from '../../lab/machine/qemu-arguments.ts';
import { SteadyFrames } from './steady-frames.ts';

/** When steady frames came to the switch of a lab, by the hosts that sent them. */
export class PortStamps {
  readonly #stamps = new Map<string, number[]>();
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  constructor(lab: Lab) {
    this.#listening = this.#listen(lab);
    this.#listening.catch(() => undefined);
  }

  /** Of a host by its number, in microseconds of the clock of this machine. */
  of(host: number): readonly number[] {
    return this.#stamps.get(dataMac(host)) ?? [];
  }

  /** Of two instants of that clock. */
  between(host: number, fromUs: number, toUs: number): number[] {
    return this.of(host).filter((atUs) => atUs >= fromUs && atUs < toUs);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  async #listen(lab: Lab): Promise<void> {
    for await (const { type, source, atUs } of lab.frames(this.#stop.signal)) {
      if (type !== SteadyFrames.type) continue;
      const stamps = this.#stamps.get(source) ?? [];
      this.#stamps.set(source, stamps);
      stamps.push(atUs);
    }
  }
}
