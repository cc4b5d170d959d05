import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../procfs/identity.ts';
import { makeCgroup, processFilesOf } from './cgroups.ts';
import type { EmbeddedHost, EmbeddedSystem } from './layout.ts';
import { startDaemon } from './processes.ts';
import { repairsOf } from './bugs/catalogue.ts';
import { restartDelaySeconds, type Repairs } from './repairs.ts';
import { writeReplica } from './replica.ts';

/** Starts the supervisor of a host, which starts the replica and starts it again whenever it dies. */
export async function startSupervisor(system: EmbeddedSystem, host: EmbeddedHost): Promise<ProcessIdentity> {
  await mkdir(host.directory, { recursive: true });
  // Beside the container's cgroup, not above it: a fault of the container leaves its supervisor alone.
  const cgroup = `${host.cgroup}/supervisor`;
  await makeCgroup(cgroup);
  await makeCgroup(host.container.cgroup);
  const repairs = repairsOf(system);
  const command = await writeReplica(system, host, repairs, await processFilesOf(host.container.cgroup));
  const configuration = join(host.directory, 'supervisord.conf');
  await writeFile(configuration, supervisorConfiguration(host, repairs, command));
  return await startDaemon({
    argv: ['supervisord', '--nodaemon', '--configuration', configuration],
    netns: host.netns,
    processFiles: await processFilesOf(cgroup),
    // Both only for what it says before it has opened its log.
    outputFile: join(host.directory, 'supervisord.out'),
    errorFile: join(host.directory, 'supervisord.err'),
  });
}

function supervisorConfiguration(
  host: EmbeddedHost,
  { startRetries }: Repairs,
  command: readonly string[],
): string {
  const { directory, container, replicaLog } = host;
  return `; Written by Ordeal; it is written again with every start of the embedded target.
[supervisord]
nodaemon=true
silent=true
user=root
logfile=${host.supervisorLog}
; Who follows the log must not lose a line to a rotation.
logfile_maxbytes=0
pidfile=${directory}/supervisord.pid
childlogdir=${directory}
minprocs=64

[program:${container.name}]
command=${command.join(' ')}
autorestart=true
; It is said to be RUNNING when it has stayed up for a second beyond the pause before its start, not during the pause.
startsecs=${restartDelaySeconds + 1}
startretries=${startRetries}
stopasgroup=true
killasgroup=true
stopwaitsecs=2
redirect_stderr=true
stdout_logfile=${replicaLog}
stdout_logfile_maxbytes=0
`;
}
