import { namespacesOf, runInNamespace } from '../network-namespace.ts';
import type { Target } from '../target.ts';
import { tablesOf } from '../packets/table.ts';
import { tablePrefixOf } from './lane.ts';
import { handlesFor, isOfMechanism, queuesIn, type LaneName } from './queue.ts';

type Mechanism = LaneName['mechanism'];

/** What there is on these targets, and on the host itself, of a mechanism's lanes; a queue is named after its injection where the table of that is there too. */
export async function laneHandles(mechanism: Mechanism, targets: readonly Target[]): Promise<string[]> {
  const found: string[] = [];
  for (const netns of await namespacesOf(targets)) found.push(...(await handlesIn(netns, mechanism)));
  return found;
}

async function handlesIn(netns: number, mechanism: Mechanism): Promise<string[]> {
  const where = `in the network namespace ${netns}`;
  const prefix = tablePrefixOf(mechanism);
  const tables = (await tablesOf(netns)).filter((table) => table.startsWith(prefix));
  const ids = tables.map((table) => table.slice(prefix.length));
  const json = await runInNamespace(netns, ['tc', '-json', 'qdisc', 'show']);
  const roots = (json === undefined ? [] : queuesIn(json)).filter((queue) => isOfMechanism(queue, mechanism));
  return [
    ...tables.map((table) => `nft table netdev ${table} ${where}`),
    ...roots.map(({ handle, dev = '' }) => {
      const id = ids.find((one) => handlesFor({ mechanism, id: one }).root === handle);
      return `queue ${handle} on ${dev} ${where}${id === undefined ? '' : ` of ${id}`}`;
    }),
  ];
}
