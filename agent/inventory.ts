import { cpus, totalmem } from 'node:os';
import type { Target, TargetKind } from '../injectors/target.ts';
import { containersByNic } from './inventory/cables.ts';
import { readContainers, type Container } from './inventory/containers.ts';
import { readDisks } from './inventory/disks.ts';
import { ManagementNics, type Peer } from './inventory/management.ts';
import { peersByMac } from './inventory/neighbours.ts';
import { readNics } from './inventory/nics.ts';
import { readOwnMachine } from './inventory/own-machine.ts';
import { readHostedVms } from './inventory/vms.ts';
import { ownProcesses } from '../procfs/own-processes.ts';
import { ownNamespace } from '../injectors/network-namespace.ts';
import { protectedDisks, type Held } from '../injectors/storage/protected-disks.ts';
import type { OwnNic } from '../injectors/vm/nic-of-vm.ts';
import { containerProtectedBecause, vmProtectedBecause } from './policy.ts';

/** One thing on this host that a fault can be asked for. */
export interface FoundResource {
  readonly kind: TargetKind;
  readonly name: string;
  /** For people; they change only when the thing does. */
  readonly facts: Readonly<Record<string, string>>;
  readonly protectedBecause?: string;
  /** What it shares with others, of this host or of another. */
  readonly partOf?: readonly string[];
  /** What an injector is given. */
  readonly target: Target;
}

interface Options {
  readonly host: string;
  readonly bootId: string;
  /** As globs of cgroups; without any, every container of every runtime. */
  readonly containers?: readonly string[];
  /** Whom this agent talks to. */
  readonly peers: readonly Peer[];
  /** What of this host's files the agent lives on. */
  readonly held: readonly Held[];
}

export class Inventory {
  readonly #options: Options;
  readonly #management: ManagementNics;

  constructor(options: Options) {
    this.#options = options;
    this.#management = new ManagementNics(options.peers);
  }

  /** What is there now, each with the reason why no fault may go to it. */
  async look(): Promise<FoundResource[]> {
    const held = await readContainers(this.#options.containers);
    const [nics, containers, disks, vms] = await Promise.all([
      this.#nics(held),
      this.#containers(held),
      this.#disks(),
      this.#vms(),
    ]);
    const { host } = this.#options;
    const ofHost = { cpus: String(cpus().length), memoryBytes: String(totalmem()) };
    return [
      { kind: 'host', name: host, facts: ofHost, target: { kind: 'host', ...this.#onHost() } },
      ...nics,
      ...containers,
      ...disks,
      ...vms,
    ];
  }

  /** Those of the machine that the agent runs in. */
  async ownNics(): Promise<OwnNic[]> {
    const nics = await readNics();
    const reasons = await this.#management.protected(nics);
    return nics.map(({ name, ifindex, device }) => ({
      name,
      ifindex,
      isDevice: device === '',
      ...because(reasons.get(name)),
    }));
  }

  async #nics(containers: readonly Container[]): Promise<FoundResource[]> {
    const nics = await readNics();
    const leadsTo = await containersByNic(nics, containers);
    const reasons = await this.#management.protected(nics);
    const isBridge = (master: string | undefined): master is string =>
      nics.some(({ name, device }) => name === master && device === 'bridge');
    const netns = await ownNamespace();
    return nics.map(({ name, ifindex, device, state, addresses, master }) => ({
      kind: 'nic',
      name,
      facts: {
        state,
        ...(device === '' ? {} : { device }),
        ...(addresses.length === 0 ? {} : { addresses: addresses.join(' ') }),
        ...containerAt(leadsTo.get(ifindex)),
      },
      partOf: isBridge(master) ? [`bridge ${master}`] : [],
      ...because(reasons.get(name)),
      target: { kind: 'nic', ...this.#onHost(), name, netns, ifindex },
    }));
  }

  async #containers(containers: readonly Container[]): Promise<FoundResource[]> {
    const own = await ownProcesses();
    return containers.map((container) => {
      const { name, cgroup, cgroupId, netns, pids, runtime, init } = container;
      const network = netns === undefined ? {} : { netns };
      const instance = init === undefined ? {} : { init };
      return {
        kind: 'container',
        name,
        facts: {
          ...(runtime === undefined ? {} : { runtime: runtime.runtime, id: runtime.id }),
          ...(runtime?.image === undefined ? {} : { image: runtime.image }),
          cgroup,
          state: pids.size === 0 ? 'empty' : 'running',
          ...(netns === undefined ? {} : { netns: String(netns) }),
        },
        ...because(containerProtectedBecause(container, own)),
        target: { kind: 'container', ...this.#onHost(), name, cgroup, cgroupId, ...network, ...instance },
      };
    });
  }

  async #disks(): Promise<FoundResource[]> {
    const disks = await readDisks();
    const names = disks.map(({ identity }) => identity.name);
    const reasons = await protectedDisks(this.#options.held, names);
    return disks.map(({ identity, facts, partOf }) => ({
      kind: 'disk',
      name: identity.name,
      facts,
      partOf,
      ...because(reasons.get(identity.name)),
      target: { kind: 'disk', ...this.#onHost(), ...identity },
    }));
  }

  async #vms(): Promise<FoundResource[]> {
    const own = await this.#ownMachine();
    const hosted = await readHostedVms(own.map(({ name }) => name));
    const peers = hosted.length === 0 ? new Map<string, Peer>() : await peersByMac(this.#options.peers);
    const processes = await ownProcesses();
    const vms = hosted.map((vm): FoundResource => {
      const { name, qemu, monitors, taps, cgroup } = vm;
      const { pid, startTicks, networks, images } = qemu;
      const uuid = qemu.uuid === undefined ? {} : { uuid: qemu.uuid };
      const lists = { qmp: monitors, networks, taps, disks: images.map(({ drive }) => drive) };
      const listed = Object.entries(lists).filter(([, list]) => list.length > 0);
      return {
        kind: 'vm',
        name,
        facts: {
          metFrom: 'outside',
          pid: String(pid),
          ...uuid,
          ...Object.fromEntries(listed.map(([key, list]) => [key, list.join(' ')])),
          ...(cgroup === undefined ? {} : { cgroup: cgroup.cgroup }),
        },
        ...because(vmProtectedBecause(vm, processes, peers)),
        target: {
          kind: 'vm',
          metFrom: 'outside',
          ...this.#onHost(),
          name,
          pid,
          startTicks,
          ...uuid,
          ...cgroup,
        },
      };
    });
    return [...own, ...vms];
  }

  /** The one that the agent is in. */
  async #ownMachine(): Promise<FoundResource[]> {
    const own = await readOwnMachine();
    if (own === undefined) return [];
    const name = this.#options.host;
    const metFrom = 'within';
    const target = { kind: 'vm', ...this.#onHost(), name, metFrom, netns: await ownNamespace() } as const;
    return [{ kind: 'vm', name, facts: { metFrom, ...own }, target }];
  }

  #onHost(): { host: string; bootId: string } {
    return { host: this.#options.host, bootId: this.#options.bootId };
  }
}

function because(reason: string | undefined): { protectedBecause?: string } {
  return reason === undefined ? {} : { protectedBecause: reason };
}

function containerAt(name: string | undefined): { container?: string } {
  return name === undefined ? {} : { container: name };
}
