import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { demandMachine, machineOf, onMachine, qemuSupport } from './machine.ts';
import { runStateOf } from './run-state.ts';
import { vmStop } from './stop-descriptor.ts';

/** As QEMU calls the state that `stop` leads to. */
const stopped = 'paused';

export class VmStopInjector implements Injector {
  readonly descriptor = vmStop;
  readonly #stoppedUs = new Map<string, number>();

  async supported(): Promise<Support> {
    return await qemuSupport();
  }

  /** A machine that runs now, so that one that stands later is known to be the fault's. */
  async capture({ target }: Injection): Promise<Memory> {
    const vm = machineOf(target);
    const state = await demandMachine(vm, async ({ monitor }) => await runStateOf(monitor));
    if (state === 'running') return {};
    throw new OrdealError('DIRTY_HOST', `the machine ${vm.name} does not run: its QEMU says "${state}"`, {
      remedy: 'Let it go on (cont), then try again.',
    });
  }

  async apply({ id, target }: Injection): Promise<void> {
    await demandMachine(machineOf(target), async ({ monitor }) => {
      if ((await runStateOf(monitor)) === stopped && this.#stoppedUs.has(id)) return;
      await monitor.ask('stop');
      this.#stoppedUs.set(id, monotonicUs());
    });
  }

  async revert(injection: Injection): Promise<Reverted> {
    const reverted = await onMachine(machineOf(injection.target), async ({ monitor }): Promise<Reverted> => {
      const state = await runStateOf(monitor);
      if (state !== stopped) return this.#effectsIn(injection, state);
      const effects = this.#effectsIn(injection, state);
      await monitor.ask('cont');
      return { ...effects, offUs: monotonicUs() };
    });
    this.#stoppedUs.delete(injection.id);
    return reverted ?? { count: 'unknown' };
  }

  async effects(injection: Injection): Promise<Effects> {
    const state = await onMachine(
      machineOf(injection.target),
      async ({ monitor }) => await runStateOf(monitor),
    );
    return state === undefined ? { count: 'unknown' } : this.#effectsIn(injection, state);
  }

  async verify(
    { target }: Injection,
    _memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const state = await onMachine(machineOf(target), async ({ monitor }) => await runStateOf(monitor));
    const holdsSo = expected === 'applied' ? state === stopped : state !== stopped;
    return holdsSo ? { holds: true } : { holds: false, found: `its QEMU says "${state ?? 'nothing more'}"` };
  }

  /** A machine that stands bears no mark of who stopped it: only the journal knows, and `verify` reads it back for each entry. */
  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }

  #effectsIn({ id, durationUs }: Injection, state: string): Effects {
    const sinceUs = this.#stoppedUs.get(id);
    if (sinceUs === undefined) return { count: state === stopped ? 1 : 'unknown' };
    const nowUs = monotonicUs();
    const achieved = (nowUs - sinceUs) / durationUs;
    return state === stopped
      ? {
          count: 1,
          firstUs: sinceUs,
          lastUs: nowUs,
          dose: { unit: 'share of the duration', asked: 1, achieved },
        }
      : { count: 1, firstUs: sinceUs, remark: `somebody else let it go on: its QEMU says "${state}"` };
  }
}
