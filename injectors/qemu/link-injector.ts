import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { vmLinkDown, type VmLinkDownParameters } from './link-descriptor.ts';
import { demandMachine, machineOf, onMachine, qemuSupport } from './machine.ts';

const memorySchema = z.object({ network: z.string() });

/** QEMU takes what it is told of a link, and tells nobody how it is: what was told last is all that can be known of it. */
export class VmLinkDownInjector implements Injector<VmLinkDownParameters> {
  readonly descriptor = vmLinkDown;
  readonly #downUs = new Map<string, number>();

  async supported(): Promise<Support> {
    return await qemuSupport();
  }

  async capture({ target, parameters }: Injection<VmLinkDownParameters>): Promise<Memory> {
    const vm = machineOf(target);
    return await demandMachine(vm, async ({ qemu: { networks } }) => {
      const { network: named } = parameters;
      const fitting = networks.filter((network) => named === undefined || network === named);
      const [only, ...others] = fitting;
      if (only !== undefined && others.length === 0) return await Promise.resolve({ network: only });
      const wanted = named === undefined ? 'not exactly one network' : `no network "${named}"`;
      const there = networks.join(', ') || 'none with an id';
      throw new OrdealError('NO_TARGET', `the machine ${vm.name} has ${wanted}; its QEMU has: ${there}`, {
        remedy: 'Name the network by the parameter "network".',
      });
    });
  }

  async apply({ id, target }: Injection<VmLinkDownParameters>, memory: Memory): Promise<void> {
    const { network } = memorySchema.parse(memory);
    await demandMachine(machineOf(target), async ({ monitor }) => {
      await monitor.ask('set_link', { name: network, up: false });
      if (!this.#downUs.has(id)) this.#downUs.set(id, monotonicUs());
    });
  }

  async revert(injection: Injection<VmLinkDownParameters>, memory: Memory): Promise<Reverted> {
    const { network } = memorySchema.parse(memory);
    const reverted = await onMachine(machineOf(injection.target), async ({ monitor }): Promise<Reverted> => {
      const effects = this.#effectsOf(injection);
      await monitor.ask('set_link', { name: network, up: true });
      return { ...effects, offUs: monotonicUs() };
    });
    this.#downUs.delete(injection.id);
    return reverted ?? { count: 'unknown' };
  }

  async effects(injection: Injection<VmLinkDownParameters>): Promise<Effects> {
    return await Promise.resolve(this.#effectsOf(injection));
  }

  async verify(
    { id }: Injection<VmLinkDownParameters>,
    _memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    if (expected === 'reverted' || this.#downUs.has(id)) return await Promise.resolve({ holds: true });
    return { holds: false, found: 'its QEMU was not told by this agent that the link is down' };
  }

  /** A link that is down bears no mark of who took it down. */
  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }

  #effectsOf({ id }: Injection<VmLinkDownParameters>): Effects {
    const downUs = this.#downUs.get(id);
    return downUs === undefined ? { count: 'unknown' } : { count: 1, firstUs: downUs, lastUs: monotonicUs() };
  }
}
