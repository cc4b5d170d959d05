import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { run } from '../command/run.ts';
import type { ProcessIdentity } from '../procfs/identity.ts';
import { repairsOf } from './bugs/catalogue.ts';
import { makeCgroup, processFilesOf } from './cgroups.ts';
import type { EmbeddedSystem } from './layout.ts';
import { startDaemon } from './processes.ts';

/** What HAProxy thinks of a replica. */
interface ReplicaHealth {
  /** HAProxy sends requests to it, and its last check was answered. */
  readonly healthy: boolean;
  /** HAProxy's own words: the state and the result of the last check, such as "DOWN, L4TOUT". */
  readonly detail: string;
}

/** Local and small: an answer that takes longer is none. */
const adminTimeoutMs = 1_000;

export async function startFront(system: EmbeddedSystem): Promise<ProcessIdentity> {
  const { front } = system;
  await mkdir(front.directory, { recursive: true });
  const cgroup = `${front.cgroup}/haproxy`;
  await makeCgroup(cgroup);
  const configuration = join(front.directory, 'haproxy.cfg');
  await writeFile(configuration, haproxyConfiguration(system));
  return await startDaemon({
    // -db: stays in the foreground, as the process that we know the pid of.
    argv: ['haproxy', '-db', '-f', configuration],
    netns: front.netns,
    processFiles: await processFilesOf(cgroup),
    outputFile: front.log,
    // Here it says all of its log once more, without the time.
    errorFile: join(front.directory, 'haproxy.err'),
  });
}

/** By the name of the host; empty when HAProxy does not answer. */
export async function replicaHealth(system: EmbeddedSystem): Promise<Map<string, ReplicaHealth>> {
  const answer = await ask(system.front.adminSocket, 'show stat').catch(() => '');
  const [header = '', ...rows] = answer.split('\n');
  const columns = header.replace(/^# /, '').split(',');
  const health = new Map<string, ReplicaHealth>();
  for (const row of rows) {
    const values = row.split(',');
    const value = (column: string): string => values[columns.indexOf(column)] ?? '';
    if (value('pxname') !== 'web' || !system.hosts.some((host) => host.name === value('svname'))) continue;
    const check = value('check_status');
    // HAProxy believes in a server until its first check, so UP alone says nothing just after the start.
    const healthy = value('status') === 'UP' && check.endsWith('L7OK');
    health.set(value('svname'), { healthy, detail: `${value('status')}, ${check}` });
  }
  return health;
}

/** What the service answers to a request made where its users are; undefined when it does not. */
export async function requestService(system: EmbeddedSystem): Promise<string | undefined> {
  const program = `
    const response = await fetch(process.argv[1], { signal: AbortSignal.timeout(2000) });
    process.stdout.write(await response.text());`;
  const node = [process.execPath, '--input-type=module', '--eval', program, system.service.url];
  return await run('nsenter', [`--net=${system.front.netns}`, '--', ...node]).catch(() => undefined);
}

async function ask(socket: string, command: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let answer = '';
    const connection = connect(socket);
    connection
      .setEncoding('utf8')
      .setTimeout(adminTimeoutMs, () => connection.destroy(new Error('no answer')));
    connection.on('data', (text: string) => (answer += text));
    connection.on('error', reject).on('end', () => resolve(answer));
    connection.end(`${command}\n`);
  });
}

function haproxyConfiguration(system: EmbeddedSystem): string {
  const { front, hosts } = system;
  const { requestRules, sections } = repairsOf(system);
  const servers = hosts.map((host) => `  server ${host.name} ${host.container.address}:80 check`);
  return `# Written by Ordeal; it is written again with every start of the embedded target.
global
  log stdout format iso local0 info
  stats socket ${front.adminSocket} mode 600 level admin
  user haproxy
  group haproxy
  nbthread 1
  maxconn 4096

defaults
  mode http
  log global
  option httplog
  # Only what went wrong: a line for each good request would make the log as large as the load.
  option dontlog-normal
  option log-health-checks
  option redispatch 1
  retries 2
  timeout connect 1s
  timeout server 2s
  timeout client 5s
  timeout http-request 5s
  timeout http-keep-alive 30s
  timeout queue 1s
  timeout check 500ms

frontend service
${[`bind ${front.address}:80`, ...requestRules, 'default_backend web'].map((line) => `  ${line}`).join('\n')}

backend web
  balance roundrobin
  option httpchk GET /healthz
  http-check expect status 200
  default-server inter 500ms fall 2 rise 2
${servers.join('\n')}
${sections.map((section) => `\n${section}\n`).join('')}`;
}
