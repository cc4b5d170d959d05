import { monotonicUs } from '../../clock/monotonic.ts';
import { runInNamespace } from '../network-namespace.ts';
import { tablesIn } from '../nft-drop/read-back.ts';

/** A listing is of some instant while nft ran: one that took longer says less about the time of a stamp, and is tried again. */
const goodReadingUs = 15_000;
const readings = 3;

/** A table of our own for the devices of one network namespace. */
export class PacketTable {
  readonly #netns: number;
  readonly #name: string;

  constructor(netns: number, name: string) {
    this.#netns = netns;
    this.#name = name;
  }

  async isThere(): Promise<boolean> {
    return (await tablesOf(this.#netns)).includes(this.#name);
  }

  /** Touches no packet from here on, and still has its counters and stamps. */
  async lapse(): Promise<void> {
    await runInNamespace(this.#netns, ['nft', 'flush', 'set', 'netdev', this.#name, 'active']);
  }

  async remove(): Promise<void> {
    await runInNamespace(this.#netns, ['nft', 'delete', 'table', 'netdev', this.#name]);
  }

  async json(): Promise<string | undefined> {
    return await runInNamespace(this.#netns, ['nft', '--json', 'list', 'table', 'netdev', this.#name]);
  }

  async text(): Promise<string | undefined> {
    return await runInNamespace(this.#netns, ['nft', 'list', 'table', 'netdev', this.#name]);
  }

  /** The text, and the instant that it is of; undefined where the table is gone. */
  async reading(): Promise<{ text: string; atUs: number } | undefined> {
    if (!(await this.isThere())) return undefined;
    let best: { text: string; atUs: number; tookUs: number } | undefined;
    for (let reading = 0; reading < readings; reading += 1) {
      const beganUs = monotonicUs();
      const text = await this.text();
      if (text === undefined) break;
      const tookUs = monotonicUs() - beganUs;
      if (best === undefined || tookUs < best.tookUs)
        best = { text, atUs: beganUs + Math.round(tookUs / 2), tookUs };
      if (tookUs <= goodReadingUs) break;
    }
    return best;
  }
}

/** None where the namespace is gone, and with it all tables that it had. */
export async function tablesOf(netns: number): Promise<string[]> {
  const json = await runInNamespace(netns, ['nft', '--json', 'list', 'tables', 'netdev']);
  return json === undefined ? [] : tablesIn(json);
}
