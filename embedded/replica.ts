import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedHost, EmbeddedSystem } from './layout.ts';
import { confined } from './processes.ts';

/**
 * Container runtimes wait before they start a container again (Docker 0.1 s and more, a kubelet 10 s and more). Two seconds
 * are also twice as long as HAProxy may take to see the replica gone, so a crash is always noticed and always repaired.
 */
export const restartDelaySeconds = 2;

/** Writes what the replica of a host runs by, and answers the command that runs it in the foreground. */
export async function writeReplica(
  system: EmbeddedSystem,
  host: EmbeddedHost,
  processFiles: readonly string[],
): Promise<string[]> {
  await mkdir(join(host.directory, 'tmp'), { recursive: true });
  const configuration = join(host.directory, 'nginx.conf');
  await writeFile(configuration, nginxConfiguration(system, host));
  // With --kill-child the container dies whole, whichever of its processes is killed: the outer one, or nginx as number 1.
  const container = ['unshare', '--pid', '--fork', '--kill-child', '--', 'nginx', '-c', configuration];
  const script = join(host.directory, 'web.sh');
  const command = confined(processFiles, host.container.netns, container);
  const started = join(host.directory, 'started');
  await writeFile(
    script,
    `#!/bin/sh
if [ -e ${started} ]; then sleep ${restartDelaySeconds}; fi
: >${started}
exec ${command.map(quote).join(' ')}
`,
  );
  return ['/bin/sh', script];
}

function nginxConfiguration(system: EmbeddedSystem, host: EmbeddedHost): string {
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
      return 200 "${system.service.body.replace('\n', '\\n')}";
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

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
