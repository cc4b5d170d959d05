import { Agent } from 'node:http';

/**
 * An idle connection is dropped before the usual server does so (5 s in Node, 15 s in Apache, 75 s in nginx): a request that is sent
 * while the server closes would fail though the service is well.
 */
const idleMs = 4_000;

/** Connections are opened without limit, so that no request waits for another; so many are kept when they are idle. */
export function connectionPool(kept: number): Agent {
  return new Agent({ keepAlive: kept > 0, maxFreeSockets: Math.max(kept, 1), timeout: idleMs });
}
