/** As IEEE 802.1D advises. */
const forgetAfterMs = 300_000;
/** More addresses than this are not a lab's: somebody sends from made-up ones. */
const most = 4096;

interface Entry<Port> {
  readonly port: Port;
  readonly seenMs: number;
}

/** Where each address was last heard. */
export class AddressTable<Port> {
  readonly #entries = new Map<string, Entry<Port>>();

  learn(address: Buffer, port: Port, nowMs: number): void {
    if (isGroup(address)) return;
    const key = address.toString('latin1');
    // Inserted anew, so that the first of the map is always the one that was silent for longest.
    this.#entries.delete(key);
    this.#entries.set(key, { port, seenMs: nowMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > most && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Undefined for an address that is a group's, was never heard, or not for long. */
  find(address: Buffer, nowMs: number): Port | undefined {
    const entry = this.#entries.get(address.toString('latin1'));
    return entry === undefined || nowMs - entry.seenMs > forgetAfterMs ? undefined : entry.port;
  }

  forget(port: Port): void {
    for (const [address, entry] of this.#entries) if (entry.port === port) this.#entries.delete(address);
  }
}

/** Broadcast and multicast: the lowest bit of the first byte, which no sender has. */
function isGroup(address: Buffer): boolean {
  return ((address[0] ?? 0) & 1) === 1;
}
