import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '../../service/certificates.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import type { NatsServer } from './nats-server.ts';

const main = join(import.meta.dirname, '../../cli/main.ts');

/** The metrics service as a process of its own, so that it can be killed. */
export class MetricsProcess {
  readonly directory: string;
  /** host:port */
  readonly address: string;
  readonly statusUrl: string;
  readonly #argv: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(directory: string, server: NatsServer, ports: { grpc: number; status: number }) {
    this.directory = directory;
    this.address = `127.0.0.1:${ports.grpc}`;
    this.statusUrl = `http://127.0.0.1:${ports.status}`;
    const at = ['--listen', this.address, '--status-port', String(ports.status)];
    const files = [
      '--certificates',
      server.certificates,
      '--state',
      join(directory, 'state'),
      '--runs',
      this.runs,
    ];
    this.#argv = ['--import', 'tsx', main, 'metrics', '--nats', server.servers, ...at, ...files];
  }

  static async create(server: NatsServer): Promise<MetricsProcess> {
    await issueCertificate(server.certificates, { name: 'metrics', role: 'metrics', addresses: [] });
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-metrics-'));
    return new MetricsProcess(directory, server, { grpc: await freePort(), status: await freePort() });
  }

  get runs(): string {
    return join(this.directory, 'runs');
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the metrics service does not run');
    return pid;
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#argv, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#child = child;
    await until('the metrics service is healthy', async () => {
      if (child.exitCode !== null) throw new Error(`the metrics service ended with ${child.exitCode}`);
      return await fetch(`${this.statusUrl}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async cleanup(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.directory, { recursive: true });
  }
}
