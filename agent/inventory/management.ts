import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Nic } from './nics.ts';

const routesSchema = z.array(z.object({ dev: z.string() }));

/** A peer that Ordeal itself talks to, by the name that the reason shall say. */
export interface Peer {
  readonly role: string;
  readonly host: string;
}

/**
 * Which interfaces carry the connections to the controller and the event store, and so may not be faulted: asked of the kernel's routes each
 * time, since they can change. Where that cannot be told just now, what was known last stays protected; where it never could be told, any
 * interface may be the one, and all are.
 */
export class ManagementNics {
  readonly #peers: readonly Peer[];
  readonly #devicesTo: (peer: Peer) => Promise<readonly string[]>;
  readonly #lastKnown = new Map<Peer, readonly string[]>();

  constructor(peers: readonly Peer[], devicesTo = devicesByRoute) {
    this.#peers = peers;
    this.#devicesTo = devicesTo;
  }

  /** The reason, by the name of the interface. */
  async protected(nics: readonly Nic[]): Promise<Map<string, string>> {
    const reasons = new Map<string, string>();
    for (const peer of this.#peers) {
      const devices = await this.#lookFor(peer);
      if (devices === undefined) {
        const why = `no route to the ${peer.role} at ${peer.host} has been found yet, so it may be the one that carries the connection`;
        for (const { name } of nics) if (!reasons.has(name)) reasons.set(name, why);
        continue;
      }
      for (const device of devices) {
        for (const name of carriersOf(device, nics)) {
          const how = name === device ? '' : ` (through ${device})`;
          reasons.set(name, `it carries the connection to the ${peer.role} at ${peer.host}${how}`);
        }
      }
    }
    return reasons;
  }

  /** Undefined where it was never known. */
  async #lookFor(peer: Peer): Promise<readonly string[] | undefined> {
    // A look that fails, or finds no way at all, says nothing of the connection that there was, and will be again.
    const devices = await this.#devicesTo(peer).catch((): readonly string[] => []);
    if (devices.length > 0) this.#lastKnown.set(peer, devices);
    return this.#lastKnown.get(peer);
  }
}

async function devicesByRoute({ host }: Peer): Promise<readonly string[]> {
  const addresses = await lookup(host, { all: true });
  const devices = await Promise.all(addresses.map(({ address }) => deviceTo(address)));
  return [...new Set(devices.flat())];
}

async function deviceTo(address: string): Promise<string[]> {
  try {
    const answer: unknown = JSON.parse(await run('ip', ['-json', 'route', 'get', address]));
    return routesSchema.parse(answer).map((route) => route.dev);
  } catch (error) {
    // One of several addresses of a name may be of a family that this host has no route for: that is an answer.
    if (/unreachable|No route to host/.test(OrdealError.from(error).message)) return [];
    throw error;
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
