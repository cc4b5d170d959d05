import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { down, up as embeddedUp } from '../../embedded/system.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { hostNameSchema } from '../../events/name.ts';
import { hostAddress } from '../../lab/delivery/delivery.ts';
import { hostNames, mostHosts } from '../../lab/state/lab-record.ts';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { tlsFiles } from '../../service/credentials.ts';
import { embeddedOptions } from '../embedded-place.ts';
import type { Home } from '../home.ts';
import { portsFrom } from '../ports.ts';
import { Child } from './child.ts';
import { guarded } from './guarded.ts';
import { natsServer } from './nats-server.ts';

interface MachineOptions {
  readonly home: Home;
  /** The first of the ports: control; metrics, nats and those of the status pages follow it. */
  readonly port: number;
  readonly runs: string;
  /** Whether this machine is a host, too; with the embedded target it never is. */
  readonly agent: boolean;
  /** The name of the embedded target to make, if any. */
  readonly embedded?: string;
  readonly onEvent: (text: string) => void;
}

/** An agent reverts every fault before it ends; this is the time it has for it. */
const agentEndsWithinMs = 20_000;
const othersEndWithinMs = 12_000;

const loopback = '127.0.0.1';

/** Everything that Ordeal needs on one machine: a nats-server, the controller, the metrics service, and an agent for each host. */
export class Machine {
  readonly #options: MachineOptions;
  readonly #services: Child[] = [];
  readonly #agents: Child[] = [];
  #embedded: EmbeddedSystem | undefined;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  get hosts(): readonly string[] {
    if (this.#embedded !== undefined) return ['tester', ...this.#embedded.hosts.map(({ name }) => name)];
    return this.#options.agent ? [localHost()] : [];
  }

  async start(): Promise<void> {
    const { home, port, embedded, runs } = this.#options;
    const { status: statusPorts, ...ports } = portsFrom(port);
    for (const one of [...Object.values(ports), ...Object.values(statusPorts)]) await refuseTakenPort(one);
    if (embedded !== undefined) {
      this.#say('making the embedded target');
      this.#embedded = await embeddedUp(embeddedOptions(embedded));
    }
    const management = this.#embedded?.management.address;
    await this.#certificates(management);

    // A nats-server listens on one address; agents in other namespaces reach it only on the management network.
    const natsAddress = management ?? loopback;
    const nats = `${natsAddress}:${ports.nats}`;
    const directory = home.state('nats');
    await this.#startService(
      'nats',
      natsServer({
        directory,
        address: natsAddress,
        port: ports.nats,
        tls: tlsFiles(home.certificates, 'nats'),
        // The hosts of a lab dial in whenever one is up; an account that nobody has the certificate of lets nobody in.
        hosts: [...new Set([...this.hosts, ...hostNames(mostHosts)])],
      }),
    );
    const listen = [loopback, ...(management === undefined ? [] : [management])].flatMap((address) => [
      '--listen',
      `${address}:${ports.control}`,
    ]);
    await this.#startService(
      'controller',
      ordeal('controller', ...listen, '--nats', nats, ...statusPort(statusPorts.controller)),
    );
    await this.#startService(
      'metrics',
      ordeal(
        'metrics',
        '--listen',
        `${loopback}:${ports.metrics}`,
        '--nats',
        nats,
        '--runs',
        resolve(runs),
        ...statusPort(statusPorts.metrics),
      ),
    );
    for (const agent of this.#agentCommands(
      `${management ?? loopback}:${ports.control}`,
      nats,
      statusPorts.agent,
    )) {
      await this.#startChild(this.#agents, agent.name, agent.argv);
    }
    home.saveEndpoints({
      control: `${loopback}:${ports.control}`,
      metrics: `${loopback}:${ports.metrics}`,
      nats,
      status: {
        controller: `${loopback}:${statusPorts.controller}`,
        metrics: `${loopback}:${statusPorts.metrics}`,
        // The loopback of an agent in a namespace is that namespace's own.
        ...(management === undefined
          ? Object.fromEntries(
              this.hosts.map((host) => [`agent-${host}`, `${loopback}:${statusPorts.agent}`]),
            )
          : {}),
      },
      pid: process.pid,
    });
  }

  /** Agents first: they revert what is there, and their last words still find a way to the store. */
  async stop(): Promise<void> {
    await Promise.all(this.#agents.map(async (agent) => await agent.stop(agentEndsWithinMs)));
    this.#options.home.forgetEndpoints();
    for (const service of this.#services.toReversed()) await service.stop(othersEndWithinMs);
    if (this.#embedded !== undefined) {
      this.#say('removing the embedded target');
      await down(embeddedOptions(this.#embedded.name));
    }
  }

  async #certificates(management: string | undefined): Promise<void> {
    const directory = this.#options.home.certificates;
    const addresses = [loopback, ...(management === undefined ? [] : [management])];
    await ensureAuthority(directory);
    // The one server whose address is looked at; the machines of a lab have their own for this one.
    await issueCertificate(directory, { name: 'nats', role: 'nats', addresses: [...addresses, hostAddress] });
    await issueCertificate(directory, { name: 'controller', role: 'controller', addresses });
    await issueCertificate(directory, { name: 'metrics', role: 'metrics', addresses });
    await issueCertificate(directory, { name: 'operator', role: 'operator', addresses: [] });
    for (const host of this.hosts) {
      await issueCertificate(directory, { name: `agent-${host}`, role: 'agent', addresses: [] });
    }
  }

  #agentCommands(controller: string, nats: string, status: number): { name: string; argv: string[] }[] {
    const command = (host: string, ...more: string[]): string[] =>
      guarded(
        host,
        this.#options.home.state(`agent-${host}`),
        ordeal(
          'agent',
          '--host',
          host,
          '--controller',
          controller,
          '--nats',
          nats,
          ...statusPort(status),
          ...more,
        ),
      );
    const embedded = this.#embedded;
    if (embedded === undefined)
      return this.hosts.map((host) => ({ name: `agent-${host}`, argv: command(host) }));
    // nsenter and not `ip netns exec`: the latter mounts another /sys, in which there are no cgroups.
    const inside = (netns: string, argv: string[]): string[] => ['nsenter', `--net=${netns}`, ...argv];
    return [
      {
        name: 'agent-tester',
        argv: inside(
          embedded.front.netns,
          command('tester', '--label', 'role=tester', '--containers', 'none'),
        ),
      },
      ...embedded.hosts.map((host) => ({
        name: `agent-${host.name}`,
        argv: inside(
          host.netns,
          command(host.name, '--label', 'role=nfvi', '--containers', `${host.cgroup}/web`),
        ),
      })),
    ];
  }

  async #startService(name: string, argv: readonly string[]): Promise<void> {
    await this.#startChild(this.#services, name, argv);
  }

  async #startChild(list: Child[], name: string, argv: readonly string[]): Promise<void> {
    const logFile = join(this.#options.home.state('logs'), `${name}.log`);
    const onCrash = (how: string): void =>
      this.#say(`${name} ended (${how}) and is started again; its log is ${logFile}`);
    const child = new Child({ name, argv, logFile, onCrash });
    list.push(child);
    await child.start();
  }

  #say(text: string): void {
    this.#options.onEvent(text);
  }
}

const isHostName = (name: string): boolean => hostNameSchema.safeParse(name).success;

/** This machine's name as an Ordeal host may be called. */
function localHost(): string {
  const name =
    hostname()
      .toLowerCase()
      .split('.')[0]
      ?.replaceAll(/[^a-z0-9-]/g, '-') ?? '';
  return [name.slice(0, 50), `${name.slice(0, 45)}-host`].find(isHostName) ?? 'local';
}

/** Ordeal's own command line, run by the Node that runs this one, from sources as from what is built of them. */
function ordeal(...args: string[]): string[] {
  const main = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url),
  );
  return [process.execPath, ...process.execArgv, main, ...args];
}

function statusPort(port: number): string[] {
  return ['--status-port', String(port)];
}

async function refuseTakenPort(port: number): Promise<void> {
  await new Promise<void>((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another process listens there' : cause.message;
      reject(new OrdealError('PORT_TAKEN', `port ${port} on ${loopback} cannot be had: ${why}`, { cause }));
    });
    probe.listen(port, loopback, () => probe.close(() => resolvePort()));
  });
}
