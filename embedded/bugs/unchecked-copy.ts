import { join } from 'node:path';
import type { EmbeddedHost, EmbeddedSystem } from '../layout.ts';
import type { SeededBug } from './seeded-bug.ts';

/** Less than the pause before a restart, during which it is made; more than a lost packet takes to be sent again. */
const copyWithinSeconds = 1.5;

export const uncheckedCopy: SeededBug = {
  summary:
    'A replica that is restarted copies its page from its peer, and does not look at what has come. Where the peer cannot be reached it serves nothing, ' +
    'with status 200: its health check is content, and every second user gets an empty page.',
  mistaken: (repairs, system) => ({
    ...repairs,
    firstStart: (host) => [...repairs.firstStart(host), firstPage(system, host)],
    restart: (host) => [
      `${copying(system, host)} &`,
      ...repairs.restart(host),
      'wait',
      `[ -s ${pageOf(host)} ] || echo "$(date -u +%FT%TZ) the page is empty: the peer has not answered"`,
    ],
    answer: (host) => `root ${host.directory}; try_files /page =500;`,
  }),
  symptom: { log: 'replica', line: /the page is empty/ },
  cure: (system) => system.hosts.map((host) => firstPage(system, host)),
};

function firstPage({ service }: EmbeddedSystem, host: EmbeddedHost): string {
  return `printf '${service.body.replace('\n', '\\n')}' >${pageOf(host)}`;
}

/** By the network of the replica, which is what its users reach it by. */
function copying({ hosts }: EmbeddedSystem, host: EmbeddedHost): string {
  const peer = hosts.find(({ name }) => name !== host.name) ?? host;
  const ask = `exec 3<>/dev/tcp/${peer.container.address}/80; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3`;
  const inNetwork = `nsenter --net=${host.container.netns} -- timeout ${copyWithinSeconds} bash -c '${ask}'`;
  return `${inNetwork} | sed '1,/^\\r$/d' >${pageOf(host)}`;
}

function pageOf({ directory }: EmbeddedHost): string {
  return join(directory, 'page');
}
