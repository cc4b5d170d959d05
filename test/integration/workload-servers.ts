import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import type { Cleaner } from './cleaner.ts';

/** What the nginx of a test answers. */
export const content = 'it works\n';

/** A TCP server that does one thing to every connection. */
export async function serve(context: TestContext, treat: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    treat(socket);
  });
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${portOf(server)}/`;
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return (await new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  }).finally(() => socket.destroy())) as boolean;
}

/** A real nginx of one process, so that it can be stopped and killed as a whole. */
export async function nginx(context: Cleaner): Promise<{ url: string; port: number; server: ChildProcess }> {
  const folder = await mkdtemp(join(tmpdir(), 'ordeal-nginx-'));
  const port = await freePort();
  const configuration = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 4096; }
    http {
      access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      server { listen 127.0.0.1:${port} backlog=4096;
        location / { return 200 "it works\\n"; }
        location /other { return 200 "something else\\n"; }
        location /broken { return 503 "it works\\n"; } } }`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const server = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  const ended = once(server, 'exit');
  context.after(async () => {
    server.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  });
  await until('nginx listens', async () => server.exitCode !== null || (await accepts(port)));
  assert.equal(server.exitCode, null, await readFile(join(folder, 'error.log'), 'utf8').catch(String));
  return { url: `http://127.0.0.1:${port}/`, port, server };
}
