import type { DmDevice } from './device.ts';

/** Which transfers a fault touches. */
export type Direction = 'read' | 'write' | 'both';

/**
 * The counters that device mapper keeps of a stretch of a device, on demand. Each bears the name of who asked for it, and stays when the table
 * is replaced: so it is also the mark that an injection has been here.
 */
export class Counters {
  readonly #device: DmDevice;
  readonly #program: string;
  readonly #injection: string;

  constructor(device: DmDevice, mechanism: string, injection: string) {
    this.#device = device;
    this.#program = programOf(mechanism);
    this.#injection = injection;
  }

  async create(sectors: { readonly first: number; readonly last: number } | undefined): Promise<void> {
    const range = sectors === undefined ? '-' : `${sectors.first}+${sectors.last - sectors.first + 1}`;
    await this.#device.message(['@stats_create', range, '/1', this.#program, this.#injection]);
  }

  /** How many transfers of the direction have ended; undefined where nothing was counted. */
  async read(direction: Direction): Promise<number | undefined> {
    const [region] = await this.#regions();
    if (region === undefined) return undefined;
    return countOf(await this.#device.message(['@stats_print', region]), direction);
  }

  async remove(): Promise<void> {
    for (const region of await this.#regions()) await this.#device.message(['@stats_delete', region]);
  }

  async isThere(): Promise<boolean> {
    return (await this.#regions()).length > 0;
  }

  async #regions(): Promise<string[]> {
    const all = regionsIn(await this.#device.message(['@stats_list', this.#program]));
    return all.filter(({ injection }) => injection === this.#injection).map(({ region }) => region);
  }
}

/** The injections of a mechanism that have left their mark on a device. */
export async function injectionsOn(device: DmDevice, mechanism: string): Promise<string[]> {
  const said = await device.message(['@stats_list', programOf(mechanism)]);
  return regionsIn(said).map(({ injection }) => injection);
}

function programOf(mechanism: string): string {
  return `ordeal-${mechanism}`;
}

/** "0: 0+2048 2048 ordeal-dm-delay injection-1" */
export function regionsIn(text: string): { readonly region: string; readonly injection: string }[] {
  return [...text.matchAll(/^(\d+): \S+ \S+ \S+ (\S+)/gm)].map(([, region = '', injection = '']) => ({
    region,
    injection,
  }));
}

/** "0+2048 12 0 96 8 3 0 24 2 ...": of the numbers behind the range the first is of reads, the fifth of writes. */
export function countOf(text: string, direction: Direction): number {
  const [, reads = '0', , , , writes = '0'] = text.trim().split(/\s+/);
  return (direction === 'write' ? 0 : Number(reads)) + (direction === 'read' ? 0 : Number(writes));
}
