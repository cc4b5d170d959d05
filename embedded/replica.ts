import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedHost, EmbeddedSystem } from './layout.ts';
import { confined } from './processes.ts';
import type { Repairs } from './repairs.ts';

/** Writes what the replica of a host runs by, and answers the command that runs it in the foreground. */
export async function writeReplica(
  system: EmbeddedSystem,
  host: EmbeddedHost,
  repairs: Repairs,
  processFiles: readonly string[],
): Promise<string[]> {
  await mkdir(join(host.directory, 'tmp'), { recursive: true });
  const configuration = join(host.directory, 'nginx.conf');
  await writeFile(configuration, nginxConfiguration(system, host, repairs));
  // With --kill-child the container dies whole, whichever of its processes is killed: the outer one, or nginx as number 1.
  const container = ['unshare', '--pid', '--fork', '--kill-child', '--', 'nginx', '-c', configuration];
  const script = join(host.directory, 'web.sh');
  const command = confined(processFiles, host.container.netns, container);
  const started = join(host.directory, 'started');
  await writeFile(
    script,
    `#!/bin/sh
if [ -e ${started} ]; then
${indented(repairs.restart(host))}
else
${indented([`: >${started}`, ...repairs.firstStart(host)])}
fi
exec ${command.map(quote).join(' ')}
`,
  );
  return ['/bin/sh', script];
}

function nginxConfiguration(system: EmbeddedSystem, host: EmbeddedHost, { answer }: Repairs): string {
  const { directory, container } = host;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `# Written by Ordeal; it is written again with every start of the embedded target.
daemon off;
user www-data;
worker_processes 2;
pid ${directory}/nginx.pid;
error_log ${directory}/nginx-error.log notice;

events {
  worker_connections 1024;
}

http {
  access_log off;
  server_tokens off;
  default_type text/plain;
  keepalive_requests 1000000;
${temporary.map((kind) => `  ${kind}_temp_path ${directory}/tmp/${kind};`).join('\n')}

  server {
    listen ${container.address}:80;
    add_header ${system.service.replicaHeader} ${host.name} always;

    location = / {
      ${answer(host)}
    }
    location = /healthz {
      return 200 "ok\\n";
    }
    location / {
      return 404;
    }
  }
}
`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
