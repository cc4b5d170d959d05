import { join } from 'node:path';
import type { EmbeddedSystem } from '../layout.ts';
import type { SeededBug } from './seeded-bug.ts';

export const oneRestartAtATime: SeededBug = {
  summary:
    'So that one replica always serves, only one is restarted at a time. A restart that finds another under way does not wait for its turn: it fails, ' +
    'and the supervisor gives the replica up.',
  mistaken: (repairs, system) => ({
    ...repairs,
    restart: (host) => [
      `mkdir ${lockOf(system)} 2>/dev/null || { echo "another replica is being restarted"; exit 1; }`,
      ...repairs.restart(host),
      `rmdir ${lockOf(system)}`,
    ],
    startRetries: 0,
  }),
  symptom: { log: 'supervisor', line: /gave up: web entered FATAL state/ },
  cure: (system) => [
    `rmdir ${lockOf(system)} 2>/dev/null`,
    ...system.hosts.flatMap(({ directory, supervisorLog }) => [
      `if tail -n 1 ${supervisorLog} | grep -q FATAL; then`,
      // As a first start, without the pause. On a hang-up the supervisor begins anew.
      `  rm -f ${join(directory, 'started')}`,
      `  kill -HUP "$(cat ${join(directory, 'supervisord.pid')})"`,
      'fi',
      // One that dies before it is said to run would be given up as well.
      `until grep -E 'spawned|entered' ${supervisorLog} | tail -n 1 | grep -q RUNNING; do sleep 0.1; done`,
    ]),
  ],
};

function lockOf({ front }: EmbeddedSystem): string {
  return join(front.directory, 'restarting');
}
