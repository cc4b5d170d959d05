import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import type { Descriptor } from '../descriptor.ts';
import type {
  Ahead,
  Effects,
  Injection,
  Injector,
  Memory,
  Reverted,
  Support,
  Times,
  Verification,
} from '../injector.ts';
import type { Target } from '../target.ts';
import { toBoottimeNs, toMonotonicUs, type Clocks } from './clocks.ts';
import type { FaultDirectory } from './fault-directory.ts';
import { FaultTree, type FaultKind } from './fault-tree.ts';
import { mountConfigfs, type KernelModule } from './kernel-module.ts';
import { modeAttribute, shareAsked } from './mode-attribute.ts';
import type { FaultStatus } from './status.ts';

/** What a fault is told of itself, beside what every fault is: its device, its effect, its dose. Kept in the journal. */
export type Attributes = Readonly<Record<string, string | number>>;

/** What one mechanism brings; the life of its faults is every fault's. */
export interface KernelMechanism<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  readonly module: KernelModule;
  readonly kind: FaultKind;
  /** What one transfer is, in the plural: "packets", "commands". */
  readonly transfers: string;
  /** Finds the device and says all that the kernel is told, in the order in which it is written. */
  attributesOf(injection: Injection<Parameters>): Promise<Attributes>;
  /** What the mechanism needs of the host beside the module. */
  supported?(): Promise<Support>;
  /** Whether a fault that was found in the kernel is on one of these targets. */
  isOn(fault: FaultDirectory, targets: readonly Target[]): Promise<boolean>;
  /** Where the dose is another than the share of transfers that was touched. */
  doseOf?(status: FaultStatus, injection: Injection<Parameters>): Effects['dose'];
  /** What the kind tells beyond its counters, for people. */
  remarkOf?(status: FaultStatus, injection: Injection<Parameters>): string | undefined;
  /** What the kernel has kept of single effects, for people; it goes with the fault. */
  recordOf?(fault: FaultDirectory): Promise<string | undefined>;
  /** Puts right what the kernel could not at the end; throws where it cannot either, and the fault is kept. */
  finish?(status: FaultStatus): Promise<void>;
  /** Looked for once nothing is hooked any more: what the fault did to its target, for people. */
  consequences?(memory: Memory): Promise<string | undefined>;
}

/** The hard timer fires within microseconds of the start; whoever looks may have been early by the difference of two clocks. */
const beginsWithinMs = 1_000;
const lookEveryMs = 2;

/** A fault of a kernel module: a directory in configfs, which the kernel begins and ends by itself. */
export class KernelInjector<Parameters> implements Injector<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  readonly ahead: Ahead<Parameters> = {
    arm: async (injection, memory, times) => await this.#arm(injection, memory, times),
    renew: async (injection, _memory, leaseUntilUs) => await this.#renew(injection, leaseUntilUs),
    begun: async (injection) => await this.#begun(injection),
  };
  readonly #mechanism: KernelMechanism<Parameters>;
  readonly #tree = new FaultTree();

  constructor(mechanism: KernelMechanism<Parameters>) {
    this.descriptor = mechanism.descriptor;
    this.#mechanism = mechanism;
  }

  async supported(): Promise<Support> {
    const support = await this.#mechanism.module.supported();
    return support.supported ? ((await this.#mechanism.supported?.()) ?? support) : support;
  }

  async capture(injection: Injection<Parameters>): Promise<Memory> {
    // Refuses what the kernel would only refuse at the start.
    modeAttribute(injection.mode);
    await this.#mechanism.module.load();
    return { ...(await this.#mechanism.attributesOf(injection)) };
  }

  /** At once, for the injection's duration. */
  async apply(injection: Injection<Parameters>, memory: Memory): Promise<void> {
    const startUs = monotonicUs();
    const deadlineUs = startUs + injection.durationUs;
    await this.#arm(injection, memory, { startUs, deadlineUs, leaseUntilUs: () => deadlineUs });
  }

  async revert(injection: Injection<Parameters>, memory: Memory): Promise<Reverted> {
    const fault = await this.#faultOf(injection);
    if ((await fault.status()) === undefined) return { count: 'unknown' };
    await fault.disarm();
    const status = await fault.status();
    if (status === undefined) return { count: 'unknown' };
    await this.#mechanism.finish?.(status);
    const record = await this.#mechanism.recordOf?.(fault);
    const clocks = await this.#tree.clocks();
    await fault.remove();
    const offUs = status.closedNs === undefined ? {} : { offUs: toMonotonicUs(status.closedNs, clocks) };
    const effects = this.#effectsBy(injection, status, clocks);
    const consequences = await this.#consequences(memory);
    const remarks = [effects.remark, record, consequences].filter((one) => one !== undefined);
    return { ...effects, ...(remarks.length === 0 ? {} : { remark: remarks.join('; ') }), ...offUs };
  }

  async effects(injection: Injection<Parameters>): Promise<Effects> {
    const status = await (await this.#faultOf(injection)).status();
    if (status === undefined) return { count: 'unknown' };
    return this.#effectsBy(injection, status, await this.#tree.clocks());
  }

  async verify(
    injection: Injection<Parameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const fault = await this.#faultOf(injection);
    const status = await fault.status();
    if (expected === 'reverted') {
      return status === undefined ? { holds: true } : { holds: false, found: `${fault.path} is there` };
    }
    if (status === undefined) return { holds: false, found: `there is no ${fault.path}` };
    if (status.phase !== 'open') return { holds: false, found: notOpen(status) };
    const asked: Memory = { mode: modeAttribute(injection.mode), ...memory };
    for (const [name, value] of Object.entries(asked)) {
      const found = await fault.read(name);
      if (found !== `${value}`) return { holds: false, found: `${name} is "${found}", not "${value}"` };
    }
    return { holds: true };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    await mountConfigfs();
    const { kind } = this.#mechanism;
    const found: string[] = [];
    for (const name of await this.#tree.names(kind)) {
      if (!name.startsWith(this.#prefix)) continue;
      const fault = this.#tree.fault(kind, name);
      if (await isOnIfThere(this.#mechanism, fault, targets)) found.push(`fault ${fault.path}`);
    }
    return found;
  }

  /** With the id as it is, so that whoever finds it can tell whose it is. */
  get #prefix(): string {
    return `${this.descriptor.name}_`;
  }

  async #faultOf(injection: Injection<Parameters>): Promise<FaultDirectory> {
    await mountConfigfs();
    return this.#tree.fault(this.#mechanism.kind, this.#prefix + injection.id);
  }

  async #arm(injection: Injection<Parameters>, memory: Memory, times: Times): Promise<void> {
    const fault = await this.#faultOf(injection);
    const before = await fault.status();
    // What is armed, open or over is not begun anew; an idle one is what an arming left that was cut short.
    if (before !== undefined && before.phase !== 'idle') return;
    const clocks = await this.#tree.clocks();
    await fault.make();
    const attributes = {
      start_ns: toBoottimeNs(times.startUs, clocks),
      deadline_ns: toBoottimeNs(times.deadlineUs, clocks),
      seed: BigInt.asUintN(64, BigInt(injection.seed)),
      mode: modeAttribute(injection.mode),
      ...memory,
    };
    for (const [name, value] of Object.entries(attributes)) await fault.write(name, String(value));
    await fault.write('lease_ns', toBoottimeNs(times.leaseUntilUs(), clocks));
    await fault.arm();
  }

  async #renew(injection: Injection<Parameters>, leaseUntilUs: number): Promise<void> {
    const fault = await this.#faultOf(injection);
    if ((await fault.status())?.phase !== 'armed') return;
    await fault.write('lease_ns', toBoottimeNs(leaseUntilUs, await this.#tree.clocks()));
  }

  async #begun(injection: Injection<Parameters>): Promise<number> {
    const fault = await this.#faultOf(injection);
    const giveUpAtUs = monotonicUs() + beginsWithinMs * 1_000;
    for (;;) {
      const status = await fault.status();
      if (status === undefined) throw new OrdealError('APPLY_FAILED', `${fault.path} is gone`);
      if (status.openedNs !== undefined) return toMonotonicUs(status.openedNs, await this.#tree.clocks());
      if (status.phase !== 'armed' || monotonicUs() > giveUpAtUs) {
        const code = status.reason.includes('lease') ? 'LEASE_EXPIRED' : 'APPLY_FAILED';
        throw new OrdealError(code, notOpen(status));
      }
      await sleep(lookEveryMs);
    }
  }

  /** The fault is gone, whatever the look at its target finds. */
  async #consequences(memory: Memory): Promise<string | undefined> {
    return await this.#mechanism
      .consequences?.(memory)
      .catch((error: unknown) => `its consequences are unknown: ${OrdealError.from(error).message}`);
  }

  #effectsBy(injection: Injection<Parameters>, status: FaultStatus, clocks: Clocks): Effects {
    const { effects, firstEffectNs, lastEffectNs } = status;
    const dose = this.#doseOf(status, injection);
    const remark = [endedEarly(status), this.#mechanism.remarkOf?.(status, injection)]
      .filter((part) => part !== undefined)
      .join('; ');
    return {
      count: effects,
      ...(firstEffectNs === undefined ? {} : { firstUs: toMonotonicUs(firstEffectNs, clocks) }),
      ...(lastEffectNs === undefined ? {} : { lastUs: toMonotonicUs(lastEffectNs, clocks) }),
      ...(dose === undefined ? {} : { dose }),
      ...(remark === '' ? {} : { remark }),
    };
  }

  #doseOf(status: FaultStatus, injection: Injection<Parameters>): Effects['dose'] {
    const own = this.#mechanism.doseOf?.(status, injection);
    if (own !== undefined || status.seen === 0) return own;
    const achieved = status.effects / status.seen;
    return { unit: `share of ${this.#mechanism.transfers}`, asked: shareAsked(injection.mode), achieved };
  }
}

/** The reasons of every end that was asked for. */
const orderly = ['', 'deadline', 'disarmed'];

function endedEarly({ reason }: FaultStatus): string | undefined {
  return orderly.includes(reason) ? undefined : `the kernel ended it before its time: ${reason}`;
}

function notOpen({ phase, reason }: FaultStatus): string {
  return reason === '' ? `the kernel says that it is ${phase}` : `the kernel has ended it: ${reason}`;
}

/** One that is removed while it is looked at is on no target. */
async function isOnIfThere<Parameters>(
  mechanism: KernelMechanism<Parameters>,
  fault: FaultDirectory,
  targets: readonly Target[],
): Promise<boolean> {
  try {
    return await mechanism.isOn(fault, targets);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
