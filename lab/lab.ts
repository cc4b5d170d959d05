import { mkdir, rm, stat } from 'node:fs/promises';
import { lockDirectory } from '../command/lock.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { makeDelivery, type AgentDelivery } from './delivery/delivery.ts';
import { makeBootable } from './image/bootable.ts';
import type { KernelName } from './kernel/kernel-name.ts';
import { chooseAccelerator, type AcceleratorChoice } from './machine/accelerator.ts';
import { DetachedProcess } from './machine/detached-process.ts';
import { Machine } from './machine/machine.ts';
import type { SeenFrame } from './network/frame-witness.ts';
import { listenToFrames } from './network/listen-to-frames.ts';
import { startSwitch } from './network/start-switch.ts';
import { hostState, type HostState } from './state/host-state.ts';
import type { LabFiles } from './state/lab-files.ts';
import { hostNames, mostHosts, readLabRecord, writeLabRecord, type LabRecord } from './state/lab-record.ts';
import { Snapshots } from './state/snapshots.ts';
import { switchState, type SwitchState } from './state/switch-state.ts';

type Progress = (line: string) => void;

interface UpOptions {
  /** Without one, as many as it has; of a new lab, one. */
  readonly hosts?: number;
  /** Without one, the one that it has; of a new lab, 6.1. */
  readonly kernel?: KernelName;
  readonly accelerator: AcceleratorChoice;
  /** What makes a host of Ordeal of a machine; without it, the machines have no agent. */
  readonly agentOf?: (host: string) => Promise<AgentDelivery | undefined>;
  /** Beside what is in every image. */
  readonly extraPackages?: readonly string[];
  /** Of each machine. */
  readonly cpus?: number;
  readonly endsWithItsStarter?: boolean;
  readonly progress: Progress;
}

export interface LabStatus {
  readonly name: string;
  readonly kernel: string;
  readonly release: string;
  readonly accelerator: string;
  readonly hosts: readonly HostState[];
  readonly switch: SwitchState;
  readonly snapshots: readonly string[];
}

const firstKernel: KernelName = '6.1';
const switchEndsWithinMs = 10_000;

/** A disposable NFVI on this machine: hosts in QEMU, one network between them, and all that is kept of both. */
export class Lab {
  readonly #files: LabFiles;
  readonly #snapshots: Snapshots;

  constructor(files: LabFiles) {
    this.#files = files;
    this.#snapshots = new Snapshots(files);
  }

  /** Makes what is missing and starts what is off; resolves when every host has booted. */
  async up(options: UpOptions): Promise<void> {
    await mkdir(this.#files.directory, { recursive: true, mode: 0o700 });
    await this.#alone(async () => {
      const before = await readLabRecord(this.#files);
      const { kernel, hosts } = await this.#wanted(before, options);
      const off = await this.#notRunning(hostNames(hosts));
      await this.#refuseWithoutSwitch(hostNames(hosts).filter((name) => !off.includes(name)));
      if (off.length === 0 && before !== undefined) return;
      const { accelerator: choice, progress, extraPackages = [], endsWithItsStarter = false } = options;
      const boots = await makeBootable(kernel, { progress, extraPackages });
      const { accelerator, because } = await chooseAccelerator(choice, boots.vmlinuz);
      const record: LabRecord = { kernel, hosts, accelerator, boots };
      await writeLabRecord(this.#files, record);
      const agents = await agentsOf(off, options);
      await startSwitch({ ...this.#files.switch, endsWithItsStarter });
      progress(`starts ${off.join(', ')} with Linux ${boots.release} on ${accelerator} (${because})`);
      const started = await Promise.allSettled(
        off.map(async (name) => await this.#start(name, agents.get(name), record, options)),
      );
      for (const one of started) if (one.status === 'rejected') throw one.reason;
    });
  }

  async status(): Promise<LabStatus> {
    const { kernel, accelerator, boots, hosts } = await this.#known();
    return {
      name: this.#files.name,
      kernel,
      release: boots.release,
      accelerator,
      hosts: await this.#states(hostNames(hosts)),
      switch: await switchState(this.#files.switch),
      snapshots: await this.#snapshots.names(),
    };
  }

  /** One of its hosts, which has to run. */
  async machine(name: string): Promise<Machine> {
    const names = hostNames((await this.#known()).hosts);
    if (!names.includes(name)) {
      throw new OrdealError(
        'NOT_FOUND',
        `the lab ${this.#files.name} has no host "${name}": it has ${names.join(', ')}`,
      );
    }
    const { directory } = this.#files.machine(name);
    const machine = await Machine.running(name, directory);
    if (machine !== undefined) return machine;
    const { state, lastWords } = await hostState(name, this.#files.machine(name));
    const why = state === 'died' ? `has died; its console ends with:\n${lastWords ?? ''}` : 'is off';
    throw new OrdealError(state === 'died' ? 'MACHINE_DIED' : 'NOT_RUNNING', `the host ${name} ${why}`, {
      remedy: 'Start it with `ordeal lab up`.',
    });
  }

  /** Every frame that comes to the switch, whichever host sent it, until the signal aborts. */
  frames(signal?: AbortSignal): AsyncGenerator<SeenFrame> {
    return listenToFrames(this.#files.switch.frames, signal);
  }

  /** Shuts all hosts down; what they have written stays. */
  async down(progress: Progress): Promise<void> {
    const { hosts } = await this.#known();
    await this.#alone(async () => {
      const stops = hostNames(hosts).map(async (name) => await this.#stop(name, progress));
      for (const one of await Promise.allSettled(stops)) if (one.status === 'rejected') throw one.reason;
      await this.#endSwitch();
    });
  }

  /** Ends all hosts as they stand and removes all that was ever theirs. */
  async destroy(): Promise<void> {
    if (!(await isThere(this.#files.directory))) throw this.#unknown();
    await this.#alone(async () => {
      // Whatever the record says, or whether it can be read: a host that is forgotten would run for ever.
      for (const name of hostNames(mostHosts)) {
        await (await Machine.running(name, this.#files.machine(name).directory))?.kill();
      }
      await this.#endSwitch();
      await rm(this.#files.directory, { recursive: true });
    });
  }

  async snapshot(name: string): Promise<void> {
    await this.#whileOff('take a snapshot of', async (names) => await this.#snapshots.take(name, names));
  }

  /** Answers the hosts that are now as they were then. */
  async restore(name: string): Promise<string[]> {
    return await this.#whileOff('restore', async () => await this.#snapshots.restore(name));
  }

  async #wanted(
    before: LabRecord | undefined,
    { kernel, hosts }: UpOptions,
  ): Promise<{ kernel: KernelName; hosts: number }> {
    const had = before?.hosts ?? 1;
    if (hosts !== undefined && (!Number.isInteger(hosts) || hosts < 1 || hosts > mostHosts)) {
      throw new OrdealError(
        'INVALID_INPUT',
        `a lab cannot have ${hosts} hosts; it has to be 1 to ${mostHosts}`,
      );
    }
    if (hosts !== undefined && before !== undefined && hosts < had) {
      throw new OrdealError('INVALID_INPUT', `the lab ${this.#files.name} has ${had} hosts, not ${hosts}`, {
        remedy: 'A lab grows, but does not shrink: destroy it with `ordeal lab destroy` and make it anew.',
      });
    }
    if (kernel !== undefined && before !== undefined && kernel !== before.kernel) {
      await this.#refuseRunning(`boot another kernel than ${before.kernel} on`, hostNames(had));
    }
    return { kernel: kernel ?? before?.kernel ?? firstKernel, hosts: hosts ?? had };
  }

  async #start(
    name: string,
    agent: AgentDelivery | undefined,
    { boots, accelerator }: LabRecord,
    options: UpOptions,
  ): Promise<void> {
    const files = this.#files.machine(name);
    const number = hostNames(mostHosts).indexOf(name) + 1;
    await mkdir(files.directory, { recursive: true, mode: 0o700 });
    const { cpus, endsWithItsStarter = false, progress } = options;
    await makeDelivery(files.delivery, { name, number, ...(agent === undefined ? {} : { agent }) });
    const { directory } = files;
    const dataNetwork = this.#files.switch.socket;
    const machine = await Machine.start({
      ...{ name, number, directory, boots, accelerator, dataNetwork, endsWithItsStarter },
      ...(cpus === undefined ? {} : { cpus }),
    });
    machine.close();
    progress(`${name} is up after ${(machine.bootMs / 1000).toFixed(1)} s`);
  }

  async #stop(name: string, progress: Progress): Promise<void> {
    const files = this.#files.machine(name);
    const machine = await Machine.running(name, files.directory);
    if (machine !== undefined) {
      progress(`shuts ${name} down`);
      await machine.stop();
    }
    // One that has died by itself is off from now on, too.
    await (await DetachedProcess.known(files.process))?.forget();
  }

  async #endSwitch(): Promise<void> {
    const known = await DetachedProcess.known(this.#files.switch.process);
    await known?.signal('SIGTERM');
    if ((await known?.hasEnded(switchEndsWithinMs)) === false) await known?.signal('SIGKILL');
    await known?.forget();
  }

  async #whileOff<Answer>(what: string, work: (names: string[]) => Promise<Answer>): Promise<Answer> {
    const names = hostNames((await this.#known()).hosts);
    return await this.#alone(async () => {
      await this.#refuseRunning(what, names);
      return await work(names);
    });
  }

  async #refuseRunning(what: string, names: readonly string[]): Promise<void> {
    const states = await this.#states(names);
    const running = states.filter(({ pid }) => pid !== undefined).map(({ name }) => name);
    if (running.length === 0) return;
    const message = `cannot ${what} the lab ${this.#files.name} while hosts of it run: ${running.join(', ')}`;
    throw new OrdealError('STILL_RUNNING', message);
  }

  /** A host connects to the switch when it starts, and never again. */
  async #refuseWithoutSwitch(running: readonly string[]): Promise<void> {
    if (running.length === 0 || (await switchState(this.#files.switch)).state !== 'died') return;
    const message = `the switch of the lab ${this.#files.name} has died, so these hosts are without their data network: ${running.join(', ')}`;
    throw new OrdealError('STILL_RUNNING', message, {
      remedy: 'Shut them down with `ordeal lab down`; the next `ordeal lab up` starts the switch, too.',
    });
  }

  async #notRunning(names: readonly string[]): Promise<string[]> {
    return (await this.#states(names)).filter(({ pid }) => pid === undefined).map(({ name }) => name);
  }

  async #states(names: readonly string[]): Promise<HostState[]> {
    return await Promise.all(names.map(async (name) => await hostState(name, this.#files.machine(name))));
  }

  async #known(): Promise<LabRecord> {
    const record = await readLabRecord(this.#files);
    if (record === undefined) throw this.#unknown();
    return record;
  }

  #unknown(): OrdealError {
    return new OrdealError('NOT_FOUND', `there is no lab "${this.#files.name}" in ${this.#files.directory}`, {
      remedy: 'Make it with `ordeal lab up`, or name another with --name.',
    });
  }

  /** One command at a time changes a lab. */
  async #alone<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const lock = await lockDirectory(this.#files.directory);
    if (lock === undefined) {
      const message = `another command is at work on the lab ${this.#files.name}`;
      throw new OrdealError('ALREADY_EXISTS', message, { remedy: 'Wait until it has ended.' });
    }
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}

async function agentsOf(
  names: readonly string[],
  { agentOf }: UpOptions,
): Promise<ReadonlyMap<string, AgentDelivery | undefined>> {
  const agents = new Map<string, AgentDelivery | undefined>();
  for (const name of names) agents.set(name, await agentOf?.(name));
  return agents;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
