import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedSystem } from '../layout.ts';
import { bugs } from './catalogue.ts';

/** A script that undoes what the seeded bugs have come to, and ends when the front sends requests to both replicas again. A campaign runs it before each trial. */
export function cureOf({ front }: Pick<EmbeddedSystem, 'front'>): string {
  return join(front.directory, 'cure.sh');
}

export async function writeCure(system: EmbeddedSystem): Promise<void> {
  await writeFile(cureOf(system), cure(system));
}

function cure(system: EmbeddedSystem): string {
  const { front, hosts } = system;
  // HAProxy closes the connection when it has answered one command.
  const perl = 'my $s = IO::Socket::UNIX->new(shift) or die "$!\\n"; print $s "@ARGV\\n"; print while <$s>';
  return `#!/bin/sh
# Written by Ordeal; it is written again with every start of the embedded target.
front() { perl -MIO::Socket::UNIX -e '${perl}' ${front.adminSocket} "$@"; }
${system.bugs.flatMap((name) => bugs[name].cure(system)).join('\n')}
serving() { front show stat | awk -F, '$1 == "web" && $2 != "BACKEND" && $18 == "UP"' | wc -l; }
until [ "$(serving)" -eq ${hosts.length} ]; do sleep 0.1; done
`;
}
