import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentSettings } from '../../agent/main.ts';
import { Bus } from '../../events/bus.ts';
import type { Event } from '../../events/event.ts';
import type { OnRestart } from '../../injectors/target.ts';
import type { Task } from '../../proto/generated/ordeal/v1/Task.ts';
import { issueCertificate } from '../../service/certificates.ts';
import { tlsFiles } from '../../service/credentials.ts';
import { createLog } from '../../service/log.ts';
import { AgentController } from './agent-controller.ts';
import { TestContainer } from './agent-container.ts';
import type { Cleaner } from './cleaner.ts';
import { freePort } from '../free-port.ts';
import { patienceMs } from '../until.ts';
import { setup, type NatsServer } from './nats-server.ts';

const silent = createLog('test', { level: 'silent' });
const host = 'host-1';

/** A real event store, a container, the controller's end of the protocol, and agents that are processes of their own. */
export class AgentSetting {
  readonly controller: AgentController;
  readonly settings: AgentSettings;
  readonly nats: NatsServer;
  readonly #agents: ChildProcess[] = [];
  readonly #parent: string;
  #container: TestContainer;

  private constructor(
    parent: string,
    container: TestContainer,
    controller: AgentController,
    settings: AgentSettings,
    nats: NatsServer,
  ) {
    this.#parent = parent;
    this.#container = container;
    this.controller = controller;
    this.settings = settings;
    this.nats = nats;
  }

  static async make(context: Cleaner, controllerHost = '127.0.0.1'): Promise<AgentSetting> {
    // Hooks of a test run in the order in which they were given; what was made last is to go first.
    const made: (() => Promise<void>)[] = [];
    context.after(async () => {
      for (const remove of made.reverse()) await remove();
    });
    const nats = await setup([host]);
    made.push(async () => await nats.cleanup());
    await issueCertificate(nats.certificates, {
      name: 'controller',
      role: 'controller',
      addresses: [controllerHost],
    });
    await issueCertificate(nats.certificates, { name: `agent-${host}`, role: 'agent', addresses: [] });
    const parent = `ordeal-agent-${process.pid}`;
    const container = await TestContainer.make(parent, 'web');
    made.push(async () => await container.remove());
    const controllerAddress = `${controllerHost}:${await freePort()}`;
    const controller = new AgentController(controllerAddress, tlsFiles(nats.certificates, 'controller'));
    made.push(async () => await controller.stop());
    await controller.start();
    const state = await mkdtemp(join(tmpdir(), 'ordeal-agent-'));
    made.push(async () => await rm(state, { recursive: true }));
    const setting = new AgentSetting(
      parent,
      container,
      controller,
      {
        host,
        labels: { role: 'target' },
        controller: controllerAddress,
        nats: nats.servers,
        certificates: nats.certificates,
        state,
        containers: [`${parent}/*`],
      },
      nats,
    );
    made.push(async () => await setting.container.remove());
    made.push(async () => await setting.endAgents());
    const bus = await setting.#bus('streams');
    await bus.ensureStreams();
    await bus.close();
    return setting;
  }

  /** The one that there is now. */
  get container(): TestContainer {
    return this.#container;
  }

  /** Makes another one of the same name, as a runtime does when the first has gone. */
  async restartContainer(): Promise<void> {
    await this.#container.remove();
    this.#container = await TestContainer.make(this.#parent, this.#container.name);
  }

  /** `entering` is a program that becomes the agent, such as nsenter with its arguments. */
  start(entering: readonly string[] = []): ChildProcess {
    const program = fileURLToPath(new URL('./agent-process.ts', import.meta.url));
    const argument = JSON.stringify(this.settings);
    const node = [process.execPath, '--import', 'tsx', program, argument];
    // `env` becomes what it is given, whichever that begins with.
    const agent = spawn('env', [...entering, ...node], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ORDEAL_LOG: process.env['ORDEAL_LOG'] ?? 'error' },
    });
    agent.stderr.on('data', (bytes: Buffer) => {
      this.controller.logged += bytes.toString();
    });
    this.#agents.push(agent);
    return agent;
  }

  async end(agent: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (agent.exitCode === null && agent.signalCode === null) {
      const exited = once(agent, 'exit');
      agent.kill(signal);
      await exited;
    }
    return agent.exitCode;
  }

  async endAgents(): Promise<void> {
    for (const agent of this.#agents) await this.end(agent, 'SIGKILL');
  }

  /** The entries that are in the journal, by the names of their files. */
  async journal(): Promise<string[]> {
    const names = await readdir(join(this.settings.state, 'journal'));
    return names.filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  }

  /** What was said, up to and with the first event that is looked for. */
  async eventsUntil(last: (event: Event) => boolean): Promise<Event[]> {
    const bus = await this.#bus('reader');
    const events: Event[] = [];
    try {
      const signal = AbortSignal.timeout(patienceMs);
      for await (const { event } of bus.events({ signal })) {
        events.push(event);
        if (last(event)) return events;
      }
      const said = events.map(({ body }) => body.kind).join(', ');
      throw new Error(`not said in good time; said was: ${said}`);
    } finally {
      await bus.close();
    }
  }

  /** An injection of the campaign's; its start is unknown until it is given. */
  injection(
    id: string,
    mechanism: string,
    more: { startUs?: number; durationUs?: number; onRestart?: OnRestart } = {},
  ): Task {
    const cells: Record<string, string> = {
      'cgroup-freeze': 'virtual.cpu.unavailability',
      sigkill: 'virtual.cpu.unavailability',
      'cpu-quota': 'virtual.cpu.delay',
      'memory-limit': 'virtual.memory.unavailability',
    };
    return {
      id,
      campaign: 'test',
      trial: 't001',
      attempt: 1,
      injection: {
        fault: 'fault',
        cell: cells[mechanism] ?? 'virtual.cpu.delay',
        mechanism,
        target: { host, kind: 'container', name: this.container.name },
        parameters: '{}',
        mode: { permanent: true },
        seed: 7,
        startUs: more.startUs ?? 0,
        durationUs: more.durationUs ?? 30_000_000,
        onRestart: more.onRestart ?? 'end',
      },
    };
  }

  async #bus(name: string): Promise<Bus> {
    return await Bus.connect({ servers: this.nats.servers, tls: this.nats.tls, name, log: silent });
  }
}
