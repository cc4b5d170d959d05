import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import type { Nic } from './nics.ts';

const routesSchema = z.array(z.object({ dev: z.string() }));

/** A peer that Ordeal itself talks to, by the name that the reason shall say. */
export interface Peer {
  readonly role: string;
  readonly host: string;
}

/**
 * Which interfaces carry the connections to the controller and the event store, and so may not be faulted: asked of the kernel's routes each
 * time, since they can change. Where a name cannot be looked up just now, what was known last stays protected.
 */
export class ManagementNics {
  readonly #peers: readonly Peer[];
  readonly #lastKnown = new Map<Peer, readonly string[]>();

  constructor(peers: readonly Peer[]) {
    this.#peers = peers;
  }

  /** The reason, by the name of the interface. */
  async protected(nics: readonly Nic[]): Promise<Map<string, string>> {
    const reasons = new Map<string, string>();
    for (const peer of this.#peers) {
      for (const device of await this.#devicesTo(peer)) {
        for (const name of carriersOf(device, nics)) {
          const how = name === device ? '' : ` (through ${device})`;
          reasons.set(name, `it carries the connection to the ${peer.role} at ${peer.host}${how}`);
        }
      }
    }
    return reasons;
  }

  async #devicesTo(peer: Peer): Promise<readonly string[]> {
    try {
      const addresses = await lookup(peer.host, { all: true });
      const devices = await Promise.all(addresses.map(({ address }) => deviceTo(address)));
      this.#lastKnown.set(peer, [...new Set(devices.flat())]);
    } catch {
      // No address or no route: there is no connection now either, only the one there was.
    }
    return this.#lastKnown.get(peer) ?? [];
  }
}

async function deviceTo(address: string): Promise<string[]> {
  try {
    const answer: unknown = JSON.parse(await run('ip', ['-json', 'route', 'get', address]));
    return routesSchema.parse(answer).map((route) => route.dev);
  } catch {
    // One of several addresses of a name may be of a family that this host has no route for.
    return [];
  }
}

/** Virtual ports of a bridge lead to containers and guests, not to the network behind it. */
const leadsInside = ['veth', 'tun', 'tap'];

/** The interface and those that its frames pass through on this host. */
function carriersOf(device: string, nics: readonly Nic[]): Set<string> {
  const carriers = new Set<string>();
  const waiting = [device];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const nic = nics.find((one) => one.name === name);
    if (nic === undefined || carriers.has(name)) continue;
    carriers.add(name);
    if (nic.link !== undefined) waiting.push(nic.link);
    for (const port of nics) {
      const inside = nic.device === 'bridge' && leadsInside.includes(port.device);
      if (port.master === name && !inside) waiting.push(port.name);
    }
  }
  return carriers;
}
