import { AddressTable } from './address-table.ts';
import { lengthBytes } from './frame-reader.ts';

const addressBytes = 6;

/** One end of the network: takes frames, each with its length before it. */
export interface Port {
  send(frame: Buffer): void;
}

/** An Ethernet switch that learns: a frame goes where its destination was last heard, else everywhere but back. */
export class Switch {
  readonly #ports = new Set<Port>();
  readonly #addresses = new AddressTable<Port>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  attach(port: Port): void {
    this.#ports.add(port);
  }

  detach(port: Port): void {
    this.#ports.delete(port);
    this.#addresses.forget(port);
  }

  receive(frame: Buffer, from: Port): void {
    const now = this.#nowMs();
    const destination = frame.subarray(lengthBytes, lengthBytes + addressBytes);
    const source = frame.subarray(lengthBytes + addressBytes, lengthBytes + 2 * addressBytes);
    this.#addresses.learn(source, from, now);
    const known = this.#addresses.find(destination, now);
    if (known === from) return;
    if (known !== undefined) known.send(frame);
    else for (const port of this.#ports) if (port !== from) port.send(frame);
  }
}
