import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import type { Peer } from './management.ts';

const neighboursSchema = z.array(
  z.object({ dst: z.string().optional(), lladdr: z.string().optional() }).transform(({ dst, lladdr }) => ({
    address: dst,
    mac: lladdr?.toLowerCase(),
  })),
);

/**
 * Whom this agent talks to on the links of this host, by hardware address: a machine that has it as the address of a NIC is the one that runs the peer. One that is
 * behind a router, or that has not been talked to, is not known.
 */
export async function peersByMac(peers: readonly Peer[]): Promise<Map<string, Peer>> {
  const neighbours = neighboursSchema.parse(JSON.parse(await run('ip', ['-json', 'neigh', 'show'])));
  const found = new Map<string, Peer>();
  for (const peer of peers) {
    const addresses = await lookup(peer.host, { all: true }).catch(() => []);
    for (const { address } of addresses) {
      const mac = neighbours.find((neighbour) => neighbour.address === address)?.mac;
      if (mac !== undefined) found.set(mac, peer);
    }
  }
  return found;
}
