import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsServer } from '../../cli/up/nats-server.ts';
import { certificateOf } from '../../events/rights.ts';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { tlsFiles, type TlsFiles } from '../../service/credentials.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

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

/** A real nats-server on a free loopback port, with the rights that `ordeal up` gives to its processes, and all of them for `test`. Started. */
export async function setup(hosts: readonly string[] = []): Promise<NatsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-nats-'));
  const certificates = join(directory, 'certificates');
  await ensureAuthority(certificates);
  await issueCertificate(certificates, { name: 'nats', role: 'nats', addresses: [] });
  await issueCertificate(certificates, { name: 'test', role: 'controller', addresses: [] });
  const port = await freePort();
  const [program = '', ...args] = natsServer({
    directory,
    address: '127.0.0.1',
    port,
    tls: tlsFiles(certificates, 'nats'),
    hosts,
    everythingFor: [certificateOf('controller', 'test')],
  });
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
    child = spawn(program, args, { stdio: 'ignore' });
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

async function listens(port: number, child: ChildProcess): Promise<void> {
  await until('nats-server listens', async () => {
    if (child.exitCode !== null) return true;
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isThere;
  });
  if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`);
}
