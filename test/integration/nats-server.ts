import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { tlsFiles, type TlsFiles } from '../../service/credentials.ts';

export interface NatsServer {
  /** host:port, the same over every stop and start. */
  readonly servers: string;
  readonly certificates: string;
  /** Of the client certificate `test`. */
  readonly tls: TlsFiles;
  start(): Promise<void>;
  /** The store stays for the next start. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  cleanup(): Promise<void>;
}

/** A real nats-server on a free loopback port: JetStream on files, and no client without a certificate. Started. */
export async function setup(): Promise<NatsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-nats-'));
  const certificates = join(directory, 'certificates');
  await ensureAuthority(certificates);
  await issueCertificate(certificates, { name: 'nats', role: 'nats', addresses: [] });
  await issueCertificate(certificates, { name: 'test', role: 'controller', addresses: [] });
  const port = await freePort();
  const configuration = join(directory, 'nats.conf');
  await writeFile(configuration, configure(port, join(directory, 'store'), tlsFiles(certificates, 'nats')));
  let child: ChildProcess | undefined;

  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    const stopped = child;
    child = undefined;
    if (stopped === undefined || stopped.exitCode !== null || stopped.signalCode !== null) return;
    const exited = once(stopped, 'exit');
    stopped.kill(signal);
    await exited;
  };
  const start = async (): Promise<void> => {
    child = spawn('nats-server', ['--config', configuration], { stdio: 'ignore' });
    await listens(port, child);
  };
  const cleanup = async (): Promise<void> => {
    await stop('SIGKILL');
    await rm(directory, { recursive: true });
  };
  try {
    await start();
  } catch (error) {
    await cleanup();
    throw error;
  }
  return {
    servers: `127.0.0.1:${port}`,
    certificates,
    tls: tlsFiles(certificates, 'test'),
    start,
    stop,
    cleanup,
  };
}

function configure(port: number, store: string, tls: TlsFiles): string {
  return `
listen: "127.0.0.1:${port}"
server_name: "test"
jetstream { store_dir: ${JSON.stringify(store)} }
tls {
  ca_file: ${JSON.stringify(tls.ca)}
  cert_file: ${JSON.stringify(tls.cert)}
  key_file: ${JSON.stringify(tls.key)}
  verify: true
}
`;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP socket has a port');
  return address.port;
}

async function listens(port: number, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await sleep(20);
  }
  throw new Error('nats-server does not listen after 10 s');
}
