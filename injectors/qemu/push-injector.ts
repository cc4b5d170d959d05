import { monotonicUs } from '../../clock/monotonic.ts';
import type { Descriptor } from '../descriptor.ts';
import type { Effects, Injection, Injector, Memory, Support, Verification } from '../injector.ts';
import { demandMachine, machineOf, qemuSupport } from './machine.ts';
import type { Monitor } from './monitor.ts';
import { vmNmi } from './nmi-descriptor.ts';
import { vmReset } from './reset-descriptor.ts';

/** What is told of it, for people; undefined where there is nothing to tell. */
type Push = (monitor: Monitor) => Promise<string | undefined>;

/** What is done at once and has no end: a button that is pushed. */
class PushInjector implements Injector {
  readonly descriptor: Descriptor;
  readonly #push: Push;
  readonly #pushed = new Map<string, Effects>();

  constructor(descriptor: Descriptor, push: Push) {
    this.descriptor = descriptor;
    this.#push = push;
  }

  async supported(): Promise<Support> {
    return await qemuSupport();
  }

  async capture({ target }: Injection): Promise<Memory> {
    return await demandMachine(machineOf(target), async () => await Promise.resolve({}));
  }

  async apply({ id, target }: Injection): Promise<void> {
    if (this.#pushed.has(id)) return;
    await demandMachine(machineOf(target), async ({ monitor }) => {
      const remark = await this.#push(monitor);
      const us = monotonicUs();
      const told = remark === undefined ? {} : { remark };
      this.#pushed.set(id, { count: 1, firstUs: us, lastUs: us, ...told });
    });
  }

  async revert(injection: Injection): Promise<Effects> {
    const effects = await this.effects(injection);
    this.#pushed.delete(injection.id);
    return effects;
  }

  async effects({ id }: Injection): Promise<Effects> {
    return await Promise.resolve(this.#pushed.get(id) ?? { count: 'unknown' });
  }

  async verify({ id }: Injection, _memory: Memory, expected: 'applied' | 'reverted'): Promise<Verification> {
    const holdsSo = expected === 'reverted' || this.#pushed.has(id);
    return await Promise.resolve(holdsSo ? { holds: true } : { holds: false, found: 'QEMU was not asked' });
  }

  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }
}

/** QEMU tells of it when its processors have been reset; under emulation they first have to stand. */
const tellsWithinMs = 20_000;

export function pushInjectors(): readonly Injector[] {
  return [
    new PushInjector(vmReset, async (monitor) => {
      await monitor.ask('system_reset');
      const event = await monitor.event(['RESET', 'SHUTDOWN'], tellsWithinMs);
      if (event === 'RESET') return undefined;
      return event === 'SHUTDOWN'
        ? 'its QEMU ends at a reset (-no-reboot), and the machine with it'
        : 'its QEMU took the reset and has not told that it is done';
    }),
    new PushInjector(vmNmi, async (monitor) => {
      await monitor.ask('inject-nmi');
      return undefined;
    }),
  ];
}
