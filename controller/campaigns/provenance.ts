import { hostname, release } from 'node:os';
import type { Fleet } from '../fleet/fleet.ts';
import { version } from '../../service/version.ts';

/** What the numbers of a campaign were made with. */
export function provenanceOf(fleet: Fleet, hosts: readonly string[]): Record<string, string> {
  const provenance: Record<string, string> = {
    ordeal: version(),
    node: process.version,
    'controller.hostname': hostname(),
    'controller.kernel': release(),
  };
  for (const name of hosts) {
    const { hello } = fleet.host(name);
    if (hello === undefined) continue;
    provenance[`${name}.ordeal`] = hello.version;
    provenance[`${name}.kernel`] = hello.kernel;
    provenance[`${name}.boot`] = hello.bootId;
  }
  return provenance;
}
