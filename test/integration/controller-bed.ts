import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { asking } from '../../cli/calls.ts';
import { Controller } from '../../controller/controller.ts';
import { Bus } from '../../events/bus.ts';
import type { Event } from '../../events/event.ts';
import { isKind } from '../../events/event.ts';
import { Reporter } from '../../events/reporter.ts';
import type { Campaign__Output } from '../../proto/generated/ordeal/v1/Campaign.ts';
import type { ProtoGrpcType } from '../../proto/generated/control.ts';
import { issueCertificate } from '../../service/certificates.ts';
import { channelOptions, clientCredentials, tlsFiles } from '../../service/credentials.ts';
import { createLog } from '../../service/log.ts';
import { loadProto } from '../../service/proto.ts';
import { ScriptedAgent } from './controller-agent.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { setup as setupNats, type NatsServer } from './nats-server.ts';

const silent = createLog('test', { level: 'silent' });

type Shown = NonNullable<Event<'trial.measured'>['body']['shown']>;

interface Rival {
  readonly control: ReturnType<typeof operatorOf>;
  /** Its last words, when it has ended. */
  readonly ended: Promise<string>;
}

/** A nats-server, a controller as a process, scripted agents, and an operator. All of it goes when the test ends. */
export class ControllerBed {
  readonly nats: NatsServer;
  readonly address: string;
  readonly #directory: string;
  readonly #context: TestContext;
  readonly #agents: ScriptedAgent[] = [];
  readonly #ends: (() => Promise<void>)[] = [];
  readonly events: { readonly sequence: number; readonly event: Event }[] = [];
  #controller: ChildProcess | undefined;
  #control: ReturnType<typeof operatorOf> | undefined;

  private constructor(context: TestContext, nats: NatsServer, directory: string, address: string) {
    this.#context = context;
    this.nats = nats;
    this.#directory = directory;
    this.address = address;
  }

  static async make(context: TestContext): Promise<ControllerBed> {
    const nats = await setupNats();
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-controller-'));
    const bed = new ControllerBed(context, nats, directory, `127.0.0.1:${await freePort()}`);
    context.after(async () => {
      for (const agent of bed.#agents) agent.stop();
      await bed.kill();
      // Who writes below the directory ends before that goes.
      for (const end of bed.#ends.toReversed()) await end();
      await nats.cleanup();
      await rm(directory, { recursive: true });
    });
    const { certificates } = nats;
    await issueCertificate(certificates, { name: 'controller', role: 'controller', addresses: [] });
    await issueCertificate(certificates, { name: 'operator', role: 'operator', addresses: [] });
    return bed;
  }

  get stateDirectory(): string {
    return join(this.#directory, 'state');
  }

  async startController(): Promise<void> {
    this.#controller = (await this.#start(this.address, this.stateDirectory)).process;
  }

  /** A second controller on the same store, with a state directory of its own. */
  async startRival(): Promise<Rival> {
    const address = `127.0.0.1:${await freePort()}`;
    const rival = await this.#start(address, join(this.#directory, 'state-of-the-rival'));
    const control = operatorOf(address, this.nats.certificates);
    this.#context.after(() => {
      control.client.close();
      rival.process.kill('SIGKILL');
    });
    return { control, ended: rival.ended };
  }

  /** As a machine that hangs; answers what it said at its end, should it come to that after `goOn`. */
  pause(): { readonly goOn: () => void; readonly ended: Promise<string> } {
    const child = this.#controller;
    assert.ok(child?.stderr);
    const said = lastWords(child);
    child.kill('SIGSTOP');
    return { goOn: () => child.kill('SIGCONT'), ended: said };
  }

  async #start(address: string, state: string) {
    const settings = {
      listen: [address],
      nats: `tls://${this.nats.servers}`,
      certificates: this.nats.certificates,
      state,
    };
    const program = join(import.meta.dirname, 'controller-process.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ORDEAL_LOG: process.env.ORDEAL_LOG ?? 'info' },
    });
    const log = process.env.ORDEAL_TEST_LOG;
    if (log === undefined) child.stderr.resume();
    else child.stderr.pipe(createWriteStream(log, { flags: 'a' }));
    const ended = lastWords(child);
    const listening = once(child.stdout, 'data').then(() => true);
    const exited = once(child, 'exit').then(() => false);
    assert.ok(await Promise.race([listening, exited]), 'the controller started');
    return { process: child, ended };
  }

  /** A controller in this process, for what has to happen at an instant of it. Not resumed, and nobody can dial it. */
  async controllerHere(): Promise<Controller> {
    const { servers, tls } = this.nats;
    const bus = await Bus.connect({ servers, tls, name: 'controller', log: silent });
    const directory = join(this.stateDirectory, 'spool');
    const producer = 'controller';
    const reporter = await Reporter.open({ producer, host: producer, directory, bus, log: silent });
    const { stateDirectory } = this;
    const controller = new Controller({ stateDirectory, bus, reporter, log: silent });
    this.#ends.push(async () => {
      await controller.stop();
      await reporter.end();
      await bus.close();
    });
    return controller;
  }

  /** As by the OOM killer. */
  async kill(): Promise<void> {
    const child = this.#controller;
    this.#controller = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async agent(host: string, certificate?: string): Promise<ScriptedAgent> {
    const name = certificate ?? `agent-${host}`;
    const { certificates } = this.nats;
    await issueCertificate(certificates, { name, role: 'agent', addresses: [] });
    const agent = new ScriptedAgent({ host, certificate: name, controller: this.address, certificates });
    this.#agents.push(agent);
    return agent;
  }

  /** Dialled in, and seen by the controller. */
  async joined(...hosts: string[]): Promise<ScriptedAgent[]> {
    const agents = await Promise.all(hosts.map(async (host) => await this.agent(host)));
    for (const agent of agents) agent.start();
    await this.until(async () => {
      const { hosts: seen } = await this.control.listHosts({});
      return hosts.every((name) => seen.some((host) => host.name === name && host.connected));
    }, 'the hosts are connected');
    return agents;
  }

  get control() {
    if (this.#control === undefined) {
      const control = operatorOf(this.address, this.nats.certificates);
      this.#context.after(() => control.client.close());
      this.#control = control;
    }
    return this.#control;
  }

  /** Collects every event into `events`, and says what a metrics service would: each completed attempt passes, and shows what is given; each block has narrow intervals. */
  async measure(shown?: Shown): Promise<void> {
    const { servers, tls } = this.nats;
    const bus = await Bus.connect({ servers, tls, name: 'test', log: silent });
    // Also where what follows fails: a connection that is left open keeps the process of the tests alive.
    this.#ends.push(async () => await bus.close());
    await bus.ensureStreams();
    const directory = join(this.#directory, 'metrics');
    const reporter = await Reporter.open({
      producer: 'metrics',
      host: 'metrics',
      directory,
      bus,
      log: silent,
    });
    const reading = this.#read(bus, reporter, shown);
    this.#ends.push(async () => {
      await reporter.end();
      await bus.close();
      await reading;
    });
  }

  async #read(bus: Bus, reporter: Reporter, shown: Shown | undefined): Promise<void> {
    for await (const { sequence, event } of bus.events({})) {
      this.events.push({ sequence, event });
      const { campaign = '', trial = '', attempt = 0 } = event;
      if (isKind(event, 'block.ended')) {
        const narrow = { measure: 'l50', name: 'all', width: 1, asked: 2, isNarrow: true };
        reporter.event({ campaign }, { kind: 'block.measured', block: event.body.block, widths: [narrow] });
      }
      if (!isKind(event, 'trial.ended') || event.body.outcome !== 'completed') continue;
      const measured = { kind: 'trial.measured', final: true, verdict: 'pass', reasons: [] } as const;
      reporter.event({ campaign, trial, attempt }, { ...measured, reasons: [], ...(shown && { shown }) });
    }
  }

  /** What the controller said of a kind, as text. */
  said(kind: Event['body']['kind']): Event[] {
    return this.events.flatMap(({ event }) =>
      event.body.kind === kind && event.producer === 'controller' ? [event] : [],
    );
  }

  steps(trial: string, attempt: number): string[] {
    return this.events.flatMap(({ event }) =>
      isKind(event, 'trial.step') && event.trial === trial && event.attempt === attempt
        ? [`${event.body.step} ${event.body.state}`]
        : [],
    );
  }

  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await until(what, condition, 50);
  }

  async run(text: string, requestId = `request-${Math.random()}`): Promise<string> {
    let id = '';
    await this.until(async () => {
      const campaign = await this.control.runCampaign({ file: { text, name: 'test.yaml' }, requestId });
      id = campaign.id;
      return true;
    }, 'the campaign begins');
    return id;
  }

  async ended(id: string): Promise<Campaign__Output> {
    await this.until(async () => (await this.campaign(id)).state !== 'RUNNING', `${id} ends`);
    return await this.campaign(id);
  }

  async campaign(id: string): Promise<Campaign__Output> {
    const { campaigns } = await this.control.listCampaigns({});
    const campaign = campaigns.find((one) => one.id === id);
    assert.ok(campaign, `${id} is known`);
    return campaign;
  }
}

/** What a process says before it ends, when it has ended. */
async function lastWords(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  await once(child, 'exit');
  return said;
}

function operatorOf(address: string, certificates: string) {
  const { ControlService } = loadProto<ProtoGrpcType>('ordeal/v1/control.proto').ordeal.v1;
  const client = new ControlService(
    address,
    clientCredentials(tlsFiles(certificates, 'operator'), 'controller'),
    channelOptions,
  );
  const rpc = ControlService.service;
  return {
    client,
    validateCampaign: asking(client, rpc.ValidateCampaign),
    runCampaign: asking(client, rpc.RunCampaign),
    listCampaigns: asking(client, rpc.ListCampaigns),
    abortCampaign: asking(client, rpc.AbortCampaign),
    pauseCampaign: asking(client, rpc.PauseCampaign),
    resumeCampaign: asking(client, rpc.ResumeCampaign),
    listHosts: asking(client, rpc.ListHosts),
    listFaults: asking(client, rpc.ListFaults),
    inject: asking(client, rpc.Inject),
    listInjections: asking(client, rpc.ListInjections),
    stopInjection: asking(client, rpc.StopInjection),
    stopAll: asking(client, rpc.StopAll),
    addSchedule: asking(client, rpc.AddSchedule),
    listSchedules: asking(client, rpc.ListSchedules),
    getSchedule: asking(client, rpc.GetSchedule),
    listNextInstants: asking(client, rpc.ListNextInstants),
    removeSchedule: asking(client, rpc.RemoveSchedule),
    pauseSchedule: asking(client, rpc.PauseSchedule),
    resumeSchedule: asking(client, rpc.ResumeSchedule),
  };
}

interface Parts {
  readonly faults?: number;
  readonly golden?: number;
  readonly during?: string;
  readonly repetitions?: number;
  readonly prune?: string;
  readonly until?: string;
}

/** Each trial takes some nine seconds; the stretch before the fault is that of a busy machine, which is slow to stage one. */
export function campaignText(parts: Parts = {}): string {
  const { faults = 1, golden = 1, during = '600ms', repetitions = 1, prune = '[]', until } = parts;
  const fault = (index: number): string => `
  - name: freeze-${index}
    cell: virtual.cpu.unavailability
    mechanism: cgroup-freeze
    target: { host: host-*, container: web, pick: all }`;
  return `
version: 1
name: short
seed: 7
system:
  name: scripted
  deploy: [{ host: tester, run: [deploy, it] }]
  prepare: [{ host: host-1, run: [prepare, it] }]
  undeploy: [{ host: tester, run: [undeploy, it] }]
  healthy: { within: 2s }
workload:
  host: tester
  http: { url: 'http://127.0.0.1:1/', timeout: 300ms, load: { shape: flat, rate: 10/s } }
timeline: { warmUp: 400ms, before: 3s, during: ${during}, after: 500ms, horizon: 5s }
repetitions: ${repetitions}
goldenRuns: ${golden}
prune: ${prune}
${until === undefined ? '' : `until: ${until}\n`}faultload: ${faults === 0 ? '[]' : Array.from({ length: faults }, (_, index) => fault(index)).join('')}
`;
}
