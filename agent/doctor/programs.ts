import { access } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { packageOf, searchPath } from '../../command/run.ts';
import { good, limited, missing, type Finding } from './finding.ts';

interface Need {
  readonly program: string;
  readonly purpose: string;
  /** Needed by every agent, or only by who runs the whole system on this machine. */
  readonly by: 'agent' | 'ordeal up';
}

const needs: readonly Need[] = [
  { program: 'ip', purpose: 'reads links and routes', by: 'agent' },
  { program: 'nsenter', purpose: 'acts in the namespaces of containers', by: 'agent' },
  { program: 'nft', purpose: 'drops packets', by: 'agent' },
  { program: 'tc', purpose: 'delays and limits traffic', by: 'agent' },
  { program: 'nats-server', purpose: 'carries and stores the events', by: 'ordeal up' },
  { program: 'openssl', purpose: 'makes the certificates', by: 'ordeal up' },
  { program: 'haproxy', purpose: 'is the front of the embedded target', by: 'ordeal up' },
  { program: 'nginx', purpose: 'is the replica of the embedded target', by: 'ordeal up' },
  { program: 'supervisord', purpose: 'restarts the replicas of the embedded target', by: 'ordeal up' },
];

/** The programs that Ordeal drives, and which Debian package brings one that is not there. */
export async function lookForPrograms(): Promise<Finding[]> {
  return await Promise.all(needs.map(lookFor));
}

async function lookFor({ program, purpose, by }: Need): Promise<Finding> {
  const path = await findProgram(program);
  if (path !== undefined) return good(program, path);
  const from = packageOf(program) ?? program;
  const install = `Install the Debian package ${from}, or run deploy/setup.sh.`;
  if (by === 'agent') return missing(program, `not found; it ${purpose}`, install);
  return limited(program, `not found; it ${purpose}`, `Only \`ordeal up\` needs it here. ${install}`);
}

async function findProgram(program: string): Promise<string | undefined> {
  for (const directory of searchPath.split(':').filter((one) => one !== '')) {
    const path = join(directory, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
