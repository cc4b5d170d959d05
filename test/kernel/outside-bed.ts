import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Inventory } from '../../agent/inventory.ts';
import type { Effects, Injection, Injector, Memory } from '../../injectors/injector.ts';
import { Monitor } from '../../injectors/qemu/monitor.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import type { Target } from '../../injectors/target.ts';
import { Lab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import { readBootId } from '../../procfs/identity.ts';
import { kernelUnderTest } from './kernel-under-test.ts';
import { progress } from './lone-machine.ts';

/** A fault that is there now. */
export interface Begun {
  effects(): Promise<Effects>;
  /** By whoever began it, or by one that has only the journal, as an agent is after it was killed. */
  end(by?: 'the same' | 'another'): Promise<Effects>;
}

let asked = 0;

/** Two machines of the lab, without any agent, and Ordeal's injectors on the host that runs them. */
export class OutsideBed {
  readonly machine: Machine;
  readonly neighbour: Machine;
  readonly #lab: Lab;
  readonly #directory: string;
  readonly #inventory: Inventory;
  readonly #injectors = makeInjectors();

  private constructor(lab: Lab, directory: string, machines: readonly Machine[], bootId: string) {
    const [machine, neighbour] = machines;
    assert.ok(machine && neighbour);
    this.machine = machine;
    this.neighbour = neighbour;
    this.#lab = lab;
    this.#directory = directory;
    const held = [{ path: '/', holds: 'the root' }];
    this.#inventory = new Inventory({ host: 'here', bootId, containers: [], peers: [], held });
  }

  static async start(): Promise<OutsideBed> {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernel-'));
    const lab = new Lab(new LabFiles('vms', join(directory, 'lab')));
    try {
      const machines = { hosts: 2, cpus: 1, kernel: kernelUnderTest(), accelerator: 'auto' } as const;
      await lab.up({ ...machines, endsWithItsStarter: true, progress });
      const started = [await lab.machine('nfvi-1'), await lab.machine('nfvi-2')];
      return new OutsideBed(lab, directory, started, await readBootId());
    } catch (error) {
      await lab.destroy().catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** What the inventory has of one of the machines; others of their names may run on this host. */
  async found(machine = this.machine) {
    const all = await this.#inventory.look();
    const found = all.find(
      ({ target }) => target.kind === 'vm' && target.metFrom === 'outside' && target.pid === machine.pid,
    );
    assert.ok(found, `the machine of process ${machine.pid} is found`);
    return found;
  }

  async target(): Promise<Target> {
    return (await this.found()).target;
  }

  /** The fault is there when this resolves, as its mechanism reads it back. */
  async begin(mechanism: string, parameters: object = {}): Promise<Begun> {
    const injection = await this.#injection(mechanism, parameters);
    const injector = this.#injectorOf(mechanism);
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    return {
      effects: async () => await injector.effects(injection, memory),
      end: async (by = 'the same') => await this.#end(by, injection, memory, injector),
    };
  }

  /** Why one is refused before anything happens. */
  async refusal(mechanism: string, parameters: object): Promise<string> {
    const injection = await this.#injection(mechanism, parameters);
    const refused = await this.#injectorOf(mechanism)
      .capture(injection)
      .then(
        () => 'not refused',
        (error: unknown) => String(error),
      );
    return refused;
  }

  /** What could be left in the QEMU of the machine: its block nodes, how it runs, whether it has a gdb stub. */
  async state(): Promise<unknown> {
    const monitor = await Monitor.open([this.machine.files.sockets.monitor]);
    try {
      const nodes = JSON.stringify(await monitor.ask('query-named-block-nodes'));
      const names = [...nodes.matchAll(/"node-name":"([^"]*)"/g)].map(([, name]) => name);
      const run = JSON.stringify(await monitor.ask('query-status'));
      const devices = JSON.stringify(await monitor.ask('query-chardev'));
      const objects = JSON.stringify(await monitor.ask('qom-list', { path: '/objects' }));
      return { names, run, hasStub: devices.includes('"gdb"') && devices.includes('socket,server'), objects };
    } finally {
      monitor.close();
    }
  }

  /** Has a reset lead to a boot, as on most machines; those of the lab end by it. */
  async rebootsAtReset(): Promise<void> {
    const monitor = await Monitor.open([this.machine.files.sockets.monitor]);
    await monitor.ask('set-action', { reboot: 'reset' });
    monitor.close();
  }

  async end(): Promise<void> {
    await this.#lab.destroy();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #injection(mechanism: string, parameters: object): Promise<Injection> {
    return {
      id: `lab-${++asked}`,
      target: await this.target(),
      parameters: this.#injectorOf(mechanism).descriptor.parameters.parse(parameters),
      mode: { kind: 'permanent' },
      seed: 7,
      durationUs: 600_000_000,
    };
  }

  #injectorOf(mechanism: string, all = this.#injectors): Injector {
    const injector = all.get(mechanism);
    assert.ok(injector, mechanism);
    return injector;
  }

  async #end(by: string, injection: Injection, memory: Memory, began: Injector): Promise<Effects> {
    const ending = by === 'the same' ? began : this.#injectorOf(began.descriptor.name, makeInjectors());
    const effects = await ending.revert(injection, memory);
    assert.deepEqual(await ending.verify(injection, memory, 'reverted'), { holds: true });
    assert.deepEqual(await ending.handles([injection.target]), []);
    // A second time, by whoever began it.
    await began.revert(injection, memory);
    return effects;
  }
}
