import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Descriptor } from '../descriptor.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import type { Target } from '../target.ts';
import { blockDeviceOf, nodeBelow, nodesOf, putBelow, requestsOf, type Requests } from './block-device.ts';
import { vmDiskDelay, type VmDiskDelayParameters } from './disk-delay-descriptor.ts';
import { vmDiskError, type VmDiskErrorParameters } from './disk-error-descriptor.ts';
import { demandMachine, machineOf, onMachine, onReachable, qemuSupport } from './machine.ts';
import type { Monitor } from './monitor.ts';

const memorySchema = z.object({
  qdev: z.string(),
  /** The block node that the device has without the fault. */
  node: z.string(),
  served: z.number(),
  servedNs: z.number(),
  failed: z.number(),
});

type Captured = z.infer<typeof memorySchema>;

/** A block node that lets requests pass in its own way. */
interface Filter<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  /** As QEMU calls it. */
  readonly driver: string;
  /** Makes it, above a node. */
  make(monitor: Monitor, name: string, above: string, parameters: Parameters): Promise<void>;
  /** What it needed beside itself, where that is there. */
  clear?(monitor: Monitor, name: string): Promise<void>;
  effectsOf(since: Requests, parameters: Parameters): Effects;
}

const prefix = 'ordeal_';
/** QEMU takes 31 characters for the name of a node. */
const longestId = 31 - prefix.length;

/** A fault of a disk by a filter in the QEMU, put right below the device for the time of the fault. */
class DiskFilterInjector<
  Parameters extends { readonly disk?: string | undefined },
> implements Injector<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  readonly #filter: Filter<Parameters>;

  constructor(filter: Filter<Parameters>) {
    this.descriptor = filter.descriptor;
    this.#filter = filter;
  }

  async supported(): Promise<Support> {
    return await qemuSupport();
  }

  async capture({ id, target, parameters }: Injection<Parameters>): Promise<Memory> {
    if (id.length > longestId) {
      const limit = `QEMU takes ${longestId} characters for the id of an injection, not ${id.length}`;
      throw new OrdealError('INVALID_INPUT', limit);
    }
    const vm = machineOf(target);
    return await demandMachine(vm, async ({ monitor }) => {
      const device = await blockDeviceOf(monitor, parameters.disk, vm.name);
      if (device.node.startsWith(prefix)) {
        const other = `the disk ${device.qdev} of ${vm.name} has a fault already (${device.node})`;
        throw new OrdealError('DIRTY_HOST', other);
      }
      return { ...device, ...(await requestsOf(monitor, device.qdev)) };
    });
  }

  async apply({ id, target, parameters }: Injection<Parameters>, memory: Memory): Promise<void> {
    const { qdev, node } = memorySchema.parse(memory);
    const name = prefix + id;
    await demandMachine(machineOf(target), async ({ monitor }) => {
      const below = await nodeBelow(monitor, qdev);
      if (below === name) return;
      if (below !== node) throw new Error(`its QEMU has put ${below} below ${qdev}, in the place of ${node}`);
      // One that an apply left which was cut short.
      await this.#clear(monitor, name);
      await this.#filter.make(monitor, name, node, parameters);
      await putBelow(monitor, qdev, name);
    });
  }

  async revert(injection: Injection<Parameters>, memory: Memory): Promise<Reverted> {
    const captured = memorySchema.parse(memory);
    const name = prefix + injection.id;
    const reverted = await onMachine(machineOf(injection.target), async ({ monitor }): Promise<Reverted> => {
      const isThere = (await nodesOf(monitor)).some((node) => node.name === name);
      const isBelow = (await nodeBelow(monitor, captured.qdev)) === name;
      const effects = isBelow
        ? await this.#effectsBy(monitor, injection.parameters, captured)
        : ({ count: 'unknown' } as const);
      if (isBelow) await putBelow(monitor, captured.qdev, captured.node);
      const offUs = monotonicUs();
      if (isThere) await this.#clear(monitor, name);
      await this.#filter.clear?.(monitor, name);
      return isBelow ? { ...effects, offUs } : effects;
    });
    return reverted ?? { count: 'unknown' };
  }

  async effects({ id, target, parameters }: Injection<Parameters>, memory: Memory): Promise<Effects> {
    const captured = memorySchema.parse(memory);
    const effects = await onMachine(machineOf(target), async ({ monitor }): Promise<Effects> => {
      const isBelow = (await nodeBelow(monitor, captured.qdev)) === prefix + id;
      return isBelow ? await this.#effectsBy(monitor, parameters, captured) : { count: 'unknown' };
    });
    return effects ?? { count: 'unknown' };
  }

  async verify(
    { id, target }: Injection<Parameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const { qdev } = memorySchema.parse(memory);
    const name = prefix + id;
    const state = await onMachine(machineOf(target), async ({ monitor }) => ({
      below: await nodeBelow(monitor, qdev),
      isThere: (await nodesOf(monitor)).some((node) => node.name === name),
    }));
    const holdsSo = expected === 'applied' ? state?.below === name : state?.isThere !== true;
    if (holdsSo) return { holds: true };
    return {
      holds: false,
      found: `its QEMU has the block node ${state?.below ?? 'of nobody'} below ${qdev}`,
    };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await onReachable(targets, async ({ monitor }, { name }) =>
      (await nodesOf(monitor))
        .filter((node) => node.name.startsWith(prefix) && node.driver === this.#filter.driver)
        .map((node) => `block node ${node.name} in the QEMU of ${name}`),
    );
  }

  async #clear(monitor: Monitor, name: string): Promise<void> {
    if ((await nodesOf(monitor)).some((node) => node.name === name))
      await monitor.ask('blockdev-del', { 'node-name': name });
  }

  async #effectsBy(monitor: Monitor, parameters: Parameters, before: Captured): Promise<Effects> {
    const now = await requestsOf(monitor, before.qdev);
    const since = {
      served: now.served - before.served,
      servedNs: now.servedNs - before.servedNs,
      failed: now.failed - before.failed,
    };
    return this.#filter.effectsOf(since, parameters);
  }
}

const errnos = { EIO: 5, ENOSPC: 28 } as const;

const error: Filter<VmDiskErrorParameters> = {
  descriptor: vmDiskError,
  driver: 'blkdebug',
  make: async (monitor, name, above, { direction, errno, sector }) => {
    const kinds = {
      read: ['read'],
      write: ['write', 'write-zeroes', 'discard', 'flush'],
      both: ['read', 'write', 'write-zeroes', 'discard', 'flush'],
    }[direction];
    const rules = kinds
      // A flush has no sector.
      .filter((kind) => sector === undefined || kind !== 'flush')
      .map((iotype) => ({
        event: 'none',
        iotype,
        errno: errnos[errno],
        once: false,
        ...(sector === undefined ? {} : { sector }),
      }));
    await monitor.ask('blockdev-add', {
      driver: 'blkdebug',
      'node-name': name,
      image: above,
      'inject-error': rules,
    });
  },
  effectsOf: ({ failed }) => ({ count: failed }),
};

const delay: Filter<VmDiskDelayParameters> = {
  descriptor: vmDiskDelay,
  driver: 'throttle',
  make: async (monitor, name, above, { rate }) => {
    await delay.clear?.(monitor, name);
    const limits = { 'iops-total': rate };
    await monitor.ask('object-add', { 'qom-type': 'throttle-group', id: name, limits });
    await monitor.ask('blockdev-add', {
      driver: 'throttle',
      'node-name': name,
      'throttle-group': name,
      file: above,
    });
  },
  clear: async (monitor, name) => {
    const objects = z
      .array(z.object({ name: z.string() }))
      .parse(await monitor.ask('qom-list', { path: '/objects' }));
    if (objects.some((object) => object.name === name)) await monitor.ask('object-del', { id: name });
  },
  effectsOf: ({ served, servedNs }, { rate }) => {
    if (served === 0) return { count: 0 };
    const asked = 1_000 / rate;
    return { count: served, dose: { unit: 'ms a request', asked, achieved: servedNs / served / 1_000_000 } };
  },
};

export function diskFilterInjectors(): readonly Injector[] {
  return [new DiskFilterInjector(error), new DiskFilterInjector(delay)];
}
