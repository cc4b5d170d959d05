import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsServer } from '../../cli/up/nats-server.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';
import { down, up, type EmbeddedOptions } from '../../embedded/system.ts';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { tlsFiles } from '../../service/credentials.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { main, ordeal, type Answer } from './command-line.ts';

/**
 * The processes of Ordeal as an operator would deploy them, each of its own and so each to be killed and started alone, around an
 * embedded target of their own. Everything is made below one temporary folder and is gone after `end`.
 */
export class Deployment {
  readonly directory: string;
  readonly system: EmbeddedSystem;
  readonly #embedded: EmbeddedOptions;
  readonly #commands: ReadonlyMap<string, readonly string[]>;
  readonly #processes = new Map<string, ChildProcess>();

  private constructor(
    directory: string,
    embedded: EmbeddedOptions,
    system: EmbeddedSystem,
    commands: ReadonlyMap<string, readonly string[]>,
  ) {
    this.directory = directory;
    this.#embedded = embedded;
    this.system = system;
    this.#commands = commands;
  }

  /** `name` becomes part of namespaces and cgroups, so that it can stand beside a user's own, and beside another run of the tests. */
  static async start(name: string): Promise<Deployment> {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-e2e-'));
    const unique = `${name}-${process.pid}`;
    const embedded = { name: unique, stateDirectory: `/run/ordeal-${unique}` };
    let deployment: Deployment | undefined;
    try {
      const system = await up(embedded);
      const commands = await prepare(directory, system);
      deployment = new Deployment(directory, embedded, system, commands);
      for (const process of commands.keys()) await deployment.launch(process);
      await deployment.allHostsConnected();
      return deployment;
    } catch (error) {
      if (deployment !== undefined) await deployment.#stop();
      await down(embedded);
      throw new Error(`the deployment did not start; its logs are in ${directory}`, { cause: error });
    }
  }

  get runs(): string {
    return join(this.directory, 'runs');
  }

  /** Ends everything, orderly. */
  async end(): Promise<void> {
    await this.#stop();
    await down(this.#embedded);
    await rm(this.directory, { recursive: true, force: true });
  }

  async launch(name: string): Promise<void> {
    const [program, ...args] = this.#commands.get(name) ?? [];
    if (program === undefined) throw new Error(`there is no process "${name}"`);
    const log = createWriteStream(join(this.directory, `${name}.log`), { flags: 'a' });
    await once(log, 'open');
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.#environment },
    });
    log.end();
    this.#processes.set(name, child);
  }

  /** Sends a signal to one of the processes and waits for its end. */
  async signal(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#processes.get(name);
    this.#processes.delete(name);
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** The command line as a user types it. */
  async ordeal(...args: string[]): Promise<Answer> {
    return await ordeal(args, { cwd: this.directory, env: this.#environment });
  }

  /** The answer of a verb as data; it has to succeed. */
  async json(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.ordeal(...args, '--json');
    if (code !== 0) throw new Error(`ordeal ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  async file(name: string, text: string): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, text);
    return path;
  }

  async log(name: string): Promise<string> {
    return await readFile(join(this.directory, `${name}.log`), 'utf8');
  }

  /** Resolves when the campaign has ended so and its measures are there. */
  async campaignEnds(id: string, state: 'COMPLETED' | 'ABORTED'): Promise<void> {
    await until(
      `${id} is ${state}`,
      async () => {
        const campaigns = (await this.json('campaign', 'list')) as { id: string; state: string }[];
        return campaigns.some((campaign) => campaign.id === id && campaign.state === state);
      },
      100,
    );
    await until(`${id} is measured`, () => Promise.resolve(existsSync(join(this.runs, id, 'report.html'))));
  }

  async allHostsConnected(): Promise<void> {
    await until('all hosts are connected', async () => {
      const answer = await this.ordeal('hosts', '--json');
      if (answer.code !== 0) return false;
      const hosts = JSON.parse(answer.stdout) as { connected: boolean }[];
      return hosts.length === 3 && hosts.every(({ connected }) => connected);
    });
  }

  async #stop(): Promise<void> {
    const services = ['metrics', 'controller', 'nats'];
    const agents = [...this.#processes.keys()].filter((name) => !services.includes(name));
    await Promise.all(agents.map(async (name) => await this.signal(name, 'SIGTERM')));
    for (const name of services) await this.signal(name, 'SIGTERM');
  }

  get #environment(): Record<string, string> {
    return { ORDEAL_HOME: join(this.directory, 'home'), NO_COLOR: '1' };
  }
}

async function prepare(directory: string, system: EmbeddedSystem): Promise<Map<string, readonly string[]>> {
  const home = join(directory, 'home');
  const certificates = join(home, 'certificates');
  const management = system.management.address;
  const hosts = ['tester', ...system.hosts.map(({ name }) => name)];
  await mkdir(home);
  await ensureAuthority(certificates);
  for (const role of ['nats', 'controller', 'metrics'] as const) {
    await issueCertificate(certificates, { name: role, role, addresses: [management] });
  }
  await issueCertificate(certificates, { name: 'operator', role: 'operator', addresses: [] });
  for (const host of hosts)
    await issueCertificate(certificates, { name: `agent-${host}`, role: 'agent', addresses: [] });

  const [control, metrics, nats] = [await freePort(), await freePort(), await freePort()];
  const natsUrl = `${management}:${nats}`;
  const endpoints = {
    control: `127.0.0.1:${control}`,
    metrics: `127.0.0.1:${metrics}`,
    nats: natsUrl,
    status: {},
    pid: process.pid,
  };
  await writeFile(join(home, 'endpoints.json'), JSON.stringify(endpoints));

  const node = (...args: string[]): string[] => [process.execPath, main, ...args, '--nats', natsUrl];
  const agent = (host: string, netns: string, ...more: string[]): string[] => [
    'nsenter',
    `--net=${netns}`,
    ...node('agent', '--host', host, '--controller', `${management}:${control}`, ...more),
  ];
  return new Map<string, readonly string[]>([
    [
      'nats',
      natsServer({
        directory,
        address: management,
        port: nats,
        tls: tlsFiles(certificates, 'nats'),
        hosts,
      }),
    ],
    ['controller', node('controller', '--listen', endpoints.control, '--listen', `${management}:${control}`)],
    ['metrics', node('metrics', '--listen', endpoints.metrics, '--runs', join(directory, 'runs'))],
    ['tester', agent('tester', system.front.netns, '--label', 'role=tester', '--containers', 'none')],
    ...system.hosts.map((host): [string, string[]] => [
      host.name,
      agent(host.name, host.netns, '--label', 'role=nfvi', '--containers', `${host.cgroup}/web`),
    ]),
  ]);
}
