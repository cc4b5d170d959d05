import { existsSync, readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Fleet } from '../fleet/fleet.ts';

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

/** The package's: beside the sources, or above dist/ where this runs compiled. */
function version(): string {
  for (const up of ['../..', '../../..']) {
    const path = join(import.meta.dirname, up, 'package.json');
    if (existsSync(path)) {
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
    }
  }
  return 'unknown';
}
