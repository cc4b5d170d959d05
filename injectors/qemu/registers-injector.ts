import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import type { Target } from '../target.ts';
import { Flipper } from './flipper.ts';
import { endGdbServer, gdbServerOf, socketOf, startGdbServer } from './gdb-server.ts';
import { demandMachine, machineOf, onMachine, onReachable, qemuSupport } from './machine.ts';
import { vmRegisters, type VmRegistersParameters } from './registers-descriptor.ts';
import { runStateOf } from './run-state.ts';

const memorySchema = z.object({ socket: z.string() });

/** What a machine is in that stood for a flip when its agent was lost. */
const standing = ['paused', 'debug'];
/** So many are told one by one: enough to see what was done, few enough to be read. */
const toldAtMost = 32;

export class VmRegistersInjector implements Injector<VmRegistersParameters> {
  readonly descriptor = vmRegisters;
  readonly #flippers = new Map<string, Flipper>();

  async supported(): Promise<Support> {
    return await qemuSupport();
  }

  async capture({ id, target, parameters }: Injection<VmRegistersParameters>): Promise<Memory> {
    const vm = machineOf(target);
    return await demandMachine(vm, async ({ monitor }) => {
      const state = await runStateOf(monitor);
      const other = await gdbServerOf(monitor);
      if (other !== undefined || state !== 'running') {
        const found =
          other === undefined ? `does not run: its QEMU says "${state}"` : `has a gdb stub: ${other}`;
        throw new OrdealError('DIRTY_HOST', `the machine ${vm.name} ${found}`, {
          remedy: 'Let it go on (cont), end the stub (gdbserver none), then try again.',
        });
      }
      const processors = z.array(z.unknown()).parse(await monitor.ask('query-cpus-fast')).length;
      const { processor } = parameters;
      if (processor !== undefined && processor >= processors) {
        const there = `the machine ${vm.name} has ${processors}, from 0, and no ${processor}`;
        throw new OrdealError('NO_TARGET', `processor: ${there}`);
      }
      return { socket: socketOf(id) };
    });
  }

  /** With the first flip tried. */
  async apply(
    { id, target, parameters, seed }: Injection<VmRegistersParameters>,
    memory: Memory,
  ): Promise<void> {
    if (this.#flippers.has(id)) return;
    const { socket } = memorySchema.parse(memory);
    await demandMachine(machineOf(target), async ({ monitor, qemu: { pid } }) => {
      await endGdbServer(monitor, socket);
      await startGdbServer(monitor, socket, pid);
    });
    this.#flippers.set(id, await Flipper.start(socket, parameters, seed));
  }

  async revert(injection: Injection<VmRegistersParameters>, memory: Memory): Promise<Reverted> {
    const { socket } = memorySchema.parse(memory);
    const flipper = this.#flippers.get(injection.id);
    await flipper?.end();
    const reverted = await onMachine(machineOf(injection.target), async ({ monitor }): Promise<Reverted> => {
      const isOurs = (await gdbServerOf(monitor))?.includes(socket) === true;
      await endGdbServer(monitor, socket);
      // It ran when the fault was prepared, so one that stands now stands for a flip.
      if (isOurs && standing.includes(await runStateOf(monitor))) await monitor.ask('cont');
      return { ...effectsOf(injection, flipper), offUs: monotonicUs() };
    });
    this.#flippers.delete(injection.id);
    return reverted ?? effectsOf(injection, flipper);
  }

  async effects(injection: Injection<VmRegistersParameters>): Promise<Effects> {
    return await Promise.resolve(effectsOf(injection, this.#flippers.get(injection.id)));
  }

  async verify(
    { target }: Injection<VmRegistersParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const { socket } = memorySchema.parse(memory);
    const found = await onMachine(machineOf(target), async ({ monitor }) => ({
      server: await gdbServerOf(monitor),
      state: await runStateOf(monitor),
    }));
    const isThere = found?.server?.includes(socket) === true;
    const stands = standing.includes(found?.state ?? '');
    if (expected === 'applied' ? isThere : !isThere && !stands) return { holds: true };
    return {
      holds: false,
      found: `its QEMU has ${found?.server ?? 'no gdb stub'} and says "${found?.state ?? 'nothing more'}"`,
    };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await onReachable(targets, async ({ monitor }, { name }) => {
      const server = await gdbServerOf(monitor);
      return server?.includes('ordeal-gdb-') === true ? [`gdb stub ${server} in the QEMU of ${name}`] : [];
    });
  }
}

function effectsOf(
  { parameters: { times } }: Injection<VmRegistersParameters>,
  flipper: Flipper | undefined,
): Effects {
  if (flipper === undefined) return { count: 'unknown' };
  const { flips, stoodUs, missed, failed } = flipper;
  const told = flips
    .slice(0, toldAtMost)
    .map(
      ({ register, before, after, processor, ip }) =>
        `${register} ${hex(before)} -> ${hex(after)} of processor ${processor} at ${hex(ip)}`,
    );
  const more = flips.length > told.length ? [`and ${flips.length - told.length} more`] : [];
  const remarks = [
    ...(told.length === 0 ? [] : [`flipped: ${[...told, ...more].join(', ')}`]),
    `the machine stood for ${(stoodUs / 1_000).toFixed(0)} ms in all`,
    ...(missed === 0
      ? []
      : [`${missed} times the processor ran something else than asked, or code of 32 bits`]),
    ...(failed === undefined ? [] : [`it ended before its time: ${failed}`]),
  ];
  const [first, last] = [flips[0], flips.at(-1)];
  return {
    count: flips.length,
    ...(first === undefined ? {} : { firstUs: first.atUs }),
    ...(last === undefined ? {} : { lastUs: last.atUs }),
    ...(times === 0 ? {} : { dose: { unit: 'flips', asked: times, achieved: flips.length } }),
    remark: remarks.join('; '),
  };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
