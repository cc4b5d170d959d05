import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { parseStatus } from '../../injectors/kernel-fault/status.ts';
import { Lab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import type { Answer } from '../e2e/command-line.ts';
import { until } from '../until.ts';
import type { KernelName } from '../../lab/kernel/kernel-name.ts';
import { kernelUnderTest } from './kernel-under-test.ts';
import { progress } from './lone-machine.ts';
import { TestOrdeal } from './test-ordeal.ts';

const injectionSchema = z.object({
  id: z.string(),
  state: z.string(),
  errorMessage: z.string(),
  effects: z
    .object({
      count: z.number().optional(),
      remark: z.string().optional(),
      dose: z.object({ unit: z.string(), asked: z.number(), achieved: z.number() }).nullish(),
    })
    .nullish(),
});
const injectionsSchema = z.array(injectionSchema);

export type InjectionRecord = z.infer<typeof injectionSchema>;

const hostsSchema = z.array(
  z.object({
    name: z.string(),
    connected: z.boolean(),
    quarantinedBecause: z.array(z.string()),
    resources: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        facts: z.record(z.string(), z.string()),
        protectedBecause: z.string(),
      }),
    ),
    capabilities: z.array(z.object({ mechanism: z.string(), supported: z.boolean(), reason: z.string() })),
  }),
);

type Host = z.infer<typeof hostsSchema>[number];

const faultsSchema = z.array(
  z.object({
    id: z.string(),
    mechanisms: z.array(
      z.object({
        name: z.string(),
        substituteBecause: z.string(),
        hosts: z.array(z.object({ host: z.string(), capability: z.object({ supported: z.boolean() }) })),
      }),
    ),
  }),
);

export interface Fault {
  readonly cell: string;
  readonly target: string;
  /** By default whichever of the kernel's modules serves the cell. */
  readonly mechanism?: string;
  /** By default longer than any test. */
  readonly duration?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Of the options of `ordeal inject`. */
  readonly more?: readonly string[];
}

interface Options {
  readonly cpus?: number;
  /** Beside what is in every image. */
  readonly extraPackages?: readonly string[];
  /** Those beside the first are its neighbours, without an agent. */
  readonly hosts?: number;
  readonly kernel?: KernelName;
}

const host = 'nfvi-1';
const lookEveryMs = 1_000;

/** An `ordeal up` of its own and a machine of the lab, whose agent has dialled it: all as users have it. */
export class AgentBed {
  readonly #lab: Lab;
  readonly #boot: () => Promise<Machine>;
  readonly #directory: string;
  readonly #ordeal: TestOrdeal;
  #machine: Machine;

  private constructor(
    machine: Machine,
    lab: Lab,
    boot: () => Promise<Machine>,
    directory: string,
    ordeal: TestOrdeal,
  ) {
    this.#machine = machine;
    this.#lab = lab;
    this.#boot = boot;
    this.#directory = directory;
    this.#ordeal = ordeal;
  }

  /** With one processor, which emulation makes quickest; with two where a fault is about one of them. */
  static async start(options: Options = {}): Promise<AgentBed> {
    const { cpus = 1, hosts = 1, kernel = kernelUnderTest(), extraPackages = [] } = options;
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernel-'));
    const ordeal = await TestOrdeal.start(directory);
    const lab = new Lab(new LabFiles('agents', join(directory, 'lab')));
    try {
      const agents = await ordeal.agents(progress);
      const agentOf = async (name: string) => (name === host ? await agents.deliveryOf(name) : undefined);
      const machine = { hosts, cpus, kernel, accelerator: 'auto', agentOf, extraPackages } as const;
      const boot = async (): Promise<Machine> => {
        await lab.up({ ...machine, endsWithItsStarter: true, progress });
        return await lab.machine(host);
      };
      const bed = new AgentBed(await boot(), lab, boot, directory, ordeal);
      await until('its agent has dialled', async () => (await bed.host()).connected, lookEveryMs);
      return bed;
    } catch (error) {
      await lab.destroy().catch(() => undefined);
      await ordeal.end();
      throw new Error(`the bed was not made; what there is of it is in ${directory}`, { cause: error });
    }
  }

  /** The one that runs now. */
  get machine(): Machine {
    return this.#machine;
  }

  /** Another host of the same lab: nfvi-2 .. */
  async neighbour(name: string): Promise<Machine> {
    return await this.#lab.machine(name);
  }

  /** Of a machine that goes down by a fault: answers its last words, once it has booted anew. */
  async comesBack(): Promise<string> {
    const before = this.#machine;
    await until('the machine has gone down', async () => !(await before.isAlive()), lookEveryMs);
    const lastWords = await before.consoleTail(200);
    before.close();
    this.#machine = await this.#boot();
    return lastWords;
  }

  async ordeal(...args: string[]): Promise<Answer> {
    return await this.#ordeal.run(...args);
  }

  /** The answer of a verb as data; it has to succeed. */
  async json(...args: string[]): Promise<unknown> {
    return await this.#ordeal.json(...args);
  }

  /** One fault on the machine: it has begun when this resolves. */
  async inject(fault: Fault): Promise<string> {
    const injection = await this.injected(fault);
    // A short one may be over by the time of the answer.
    assert.ok(['active', 'ended'].includes(injection.state), injection.errorMessage);
    return injection.id;
  }

  /** The answer to the order, whatever came of it. */
  async injected(fault: Fault): Promise<InjectionRecord> {
    const { cell, target, mechanism = 'kernel', duration = '10m', parameters = {}, more = [] } = fault;
    const where = ['--host', host, '--target', target, '--for', duration];
    const how = ['--mechanism', mechanism, '--with', JSON.stringify(parameters), ...more];
    const [injection] = injectionsSchema.parse(await this.json('inject', cell, ...where, ...how));
    assert.ok(injection);
    return injection;
  }

  /** Ends it before its deadline. */
  async stop(id: string): Promise<InjectionRecord> {
    const answer = injectionSchema.parse(await this.json('stop', id));
    return isOver(answer) ? answer : await this.ended(id);
  }

  /** How it ended, once it has. */
  async ended(id: string): Promise<InjectionRecord> {
    let found: InjectionRecord | undefined;
    await until(
      `${id} has ended`,
      async () => {
        const { injections } = await this.#ordeal.ask((control) =>
          control.listInjections({ endedToo: true }),
        );
        const all = injectionsSchema.parse(injections);
        found = all.find((one) => one.id === id);
        return found !== undefined && isOver(found);
      },
      lookEveryMs,
    );
    assert.ok(found);
    return found;
  }

  /** The agent, with its guardian and without a chance to do anything more; it stays away until it is started. */
  async killAgent(): Promise<void> {
    // They die one after the other, and an agent that sees its guardian die takes its faults away. In one go: they are started anew after 2 s.
    await this.machine.demand(
      `${signalling('STOP')} && ${signalling('KILL')} && systemctl stop ordeal-agent`,
    );
    await until('the agent is missed', async () => !(await this.host()).connected, lookEveryMs);
  }

  /** With its guardian, and all that it has started. */
  async signalAgent(name: 'STOP' | 'CONT'): Promise<void> {
    await this.machine.demand(signalling(name));
  }

  /** Without a chance to do anything more; its guardian starts it again. */
  async killAgentAlone(): Promise<void> {
    const guardian = 'systemctl show --property MainPID --value ordeal-agent';
    await this.machine.demand(`pkill -KILL --parent "$(${guardian})"`);
  }

  async startAgent(): Promise<void> {
    await this.machine.demand(['systemctl', 'start', 'ordeal-agent']);
    await until('the agent is back', async () => (await this.host()).connected, lookEveryMs);
  }

  /** What the controller knows of the machine. */
  async host(): Promise<Host> {
    const { hosts } = await this.#ordeal.ask((control) => control.listHosts({}));
    const known = hostsSchema.parse(hosts).find(({ name }) => name === host);
    assert.ok(known, `${host} has dialled`);
    return known;
  }

  /** By cell, what serves it there and is no substitute. */
  async served(): Promise<ReadonlyMap<string, readonly string[]>> {
    const cells = faultsSchema.parse(await this.json('faults'));
    const works = ({ substituteBecause, hosts }: (typeof cells)[number]['mechanisms'][number]): boolean =>
      substituteBecause === '' && hosts.some((one) => one.host === host && one.capability.supported);
    return new Map(cells.map(({ id, mechanisms }) => [id, mechanisms.filter(works).map(({ name }) => name)]));
  }

  /** Waits until the agent has told of resources that were made after its last look. */
  async knows(kind: string, ...names: string[]): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      const { resources } = await this.host();
      return names.every((name) => resources.some((one) => one.kind === kind && one.name === name));
    };
    await until(`the agent knows of ${names.join(', ')}`, isThere, lookEveryMs);
  }

  /** So many seconds on a machine that boots in its usual time, and as many more on a slower one: what is looked at amid a fault is looked at in time. */
  lasting(seconds: number): string {
    return `${Math.ceil(this.machine.patienceMs(seconds * 1000) / 1000)}s`;
  }

  /** Waits until the kernel has shut the gate of the only fault of a mechanism, or of the one with that id; answers why it did. */
  async endInKernel(faults: string, mechanism: string, id = '*'): Promise<string> {
    const status = `${faults}/${mechanism}_${id}/status`;
    await this.machine.demand(`until grep -q '^phase: ended' ${status}; do sleep 0.1; done`);
    return parseStatus(await this.machine.demand(`cat ${status}`)).reason;
  }

  async end(): Promise<void> {
    await this.#lab.destroy();
    await this.#ordeal.end();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function signalling(name: string): string {
  return `systemctl kill --kill-who=all --signal=${name} ordeal-agent`;
}

function isOver({ state }: InjectionRecord): boolean {
  return ['ended', 'failed'].includes(state);
}
