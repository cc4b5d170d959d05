import { release } from 'node:os';
import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { CounterWatch } from '../cgroup/counter-watch.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Descriptor } from '../descriptor.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { BlockDevices } from '../storage/block-devices.ts';
import { identifyDisk } from '../storage/disk.ts';
import type { Held } from '../storage/protected-disks.ts';
import { parseSectors } from '../storage/sectors.ts';
import { remarkOnScope, targetDiskOf, targetDiskSchema } from '../storage/target-disk.ts';
import type { Target } from '../target.ts';
import { Counters, injectionsOn, type Direction } from './counters.ts';
import { DmDevice } from './device.ts';
import { dmSupport } from './support.ts';
import { faultKinds, formatTable, parseTable, withFault, type Fault } from './table.ts';

const memorySchema = targetDiskSchema.extend({ table: z.string() });

/** A look is a program that runs; the first and the last effect are stamped late by so much. */
const lookEveryMs = 100;

export interface DmParameters {
  readonly directory?: string | undefined;
  readonly sectors?: string | undefined;
  readonly direction: Direction;
}

/** What one mechanism makes of a stretch of a device. */
export interface DmFault<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  /** The kinds of targets of device mapper that it takes. */
  readonly kinds: readonly string[];
  readonly faultOf: (parameters: Parameters) => Fault;
  /** Why what the kernel counts is not what the fault did, where that is so; by the release of Linux. */
  readonly miscounted?: (parameters: Parameters, linux: string) => string | undefined;
  /** What has to be done when the table is back, and what people have to know of it. */
  readonly afterwards?: () => Promise<string>;
}

/** Replaces the table of a device of device mapper by one that does something else with what passes, and puts the old one back. */
export class DmInjector<Parameters extends DmParameters> implements Injector<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  readonly #fault: DmFault<Parameters>;
  readonly #held: readonly Held[];
  readonly #watches = new Map<string, CounterWatch>();

  constructor(fault: DmFault<Parameters>, held: readonly Held[]) {
    this.descriptor = fault.descriptor;
    this.#fault = fault;
    this.#held = held;
  }

  async supported(): Promise<Support> {
    return await dmSupport(this.#fault.kinds);
  }

  async capture(injection: Injection<Parameters>): Promise<Memory> {
    const disk = await targetDiskOf(injection, this.#held, { has: isDm, wanted: 'device of device mapper' });
    const table = await new DmDevice(disk).table();
    this.#tableWithFault(table, injection);
    return { ...disk, table };
  }

  async apply(injection: Injection<Parameters>, memory: Memory): Promise<void> {
    const { table } = memorySchema.parse(memory);
    const { device, counters } = this.#at(injection, memory);
    const { direction, sectors } = injection.parameters;
    const isOwn = await counters.isThere();
    const isThere = isFaulty(await device.table());
    if (isThere && !isOwn) throw new OrdealError('APPLY_FAILED', 'another fault is on that device');
    if (!isOwn) await counters.create(sectors === undefined ? undefined : parseSectors(sectors));
    if (!this.#watches.has(injection.id)) {
      const read = async (): Promise<number | undefined> => await counters.read(direction);
      this.#watches.set(injection.id, new CounterWatch(0, read, lookEveryMs));
    }
    if (!isThere) await device.replaceTable(this.#tableWithFault(table, injection));
  }

  async revert(injection: Injection<Parameters>, memory: Memory): Promise<Reverted> {
    const { device, counters } = this.#at(injection, memory);
    if (!(await device.isThere())) {
      this.#forget(injection);
      return { count: 'unknown', remark: 'the device is gone' };
    }
    // They are made first and removed last: without them there is nothing of this injection here.
    if (!(await counters.isThere())) {
      this.#forget(injection);
      return { count: 'unknown' };
    }
    const wasFaulty = await restore(device, memorySchema.parse(memory).table);
    const offUs = monotonicUs();
    const effects = await this.effects(injection, memory);
    await counters.remove();
    this.#forget(injection);
    const more = wasFaulty ? await this.#fault.afterwards?.() : undefined;
    const remarks = [effects.remark, more].filter((remark) => remark !== undefined);
    return { ...effects, offUs, ...(remarks.length === 0 ? {} : { remark: remarks.join('; ') }) };
  }

  async effects(injection: Injection<Parameters>, memory: Memory): Promise<Effects> {
    const { counters, device } = this.#at(injection, memory);
    if (!(await device.isThere())) return { count: 'unknown', remark: 'the device is gone' };
    const scope = remarkOnScope(injection, memorySchema.parse(memory).name);
    const miscounted = this.#fault.miscounted?.(injection.parameters, release());
    const remark = [scope, miscounted].filter((one) => one !== undefined).join('; ');
    const told = remark === '' ? {} : { remark };
    if (miscounted !== undefined) return { count: 'unknown', ...told };
    const watched = await this.#watches.get(injection.id)?.effects();
    const count = watched?.count ?? (await counters.read(injection.parameters.direction)) ?? 'unknown';
    return { ...watched, count, ...told };
  }

  async verify(
    injection: Injection<Parameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const { device, counters } = this.#at(injection, memory);
    const { name, table } = memorySchema.parse(memory);
    const isGone = !(await device.isThere());
    if (isGone && expected === 'reverted') return { holds: true };
    const problem = isGone
      ? 'is gone'
      : expected === 'applied'
        ? await missingOn(device, this.#tableWithFault(table, injection))
        : await leftOn(device, counters, this.#tableWithFault(table, injection));
    return problem === undefined ? { holds: true } : { holds: false, found: `the device ${name} ${problem}` };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    const handles: string[] = [];
    for (const target of targets) {
      if (target.kind !== 'disk' || !(await isDm(target.name))) continue;
      const disk = await identifyDisk(target.name);
      if (disk === undefined) continue;
      const injections = await injectionsOn(new DmDevice(disk), this.descriptor.name);
      handles.push(...injections.map((id) => `counters of injection ${id} on the device ${target.name}`));
    }
    return handles;
  }

  #tableWithFault(table: string, { parameters }: Injection<Parameters>): string {
    const range = parameters.sectors === undefined ? undefined : parseSectors(parameters.sectors);
    return formatTable(withFault(parseTable(table), range, this.#fault.faultOf(parameters)));
  }

  #at(injection: Injection, memory: Memory): { device: DmDevice; counters: Counters } {
    const device = new DmDevice(memorySchema.parse(memory));
    return { device, counters: new Counters(device, this.descriptor.name, injection.id) };
  }

  #forget({ id }: Injection): void {
    this.#watches.get(id)?.stop();
    this.#watches.delete(id);
  }
}

async function isDm(name: string): Promise<boolean> {
  return (await new BlockDevices().read(name, 'dm/name')) !== '';
}

/** Whether there was a fault to take away. What somebody else has put in place of it meanwhile stays. */
async function restore(device: DmDevice, table: string): Promise<boolean> {
  const { isSuspended, hasLoaded } = await device.state();
  if (isFaulty(await device.table())) {
    await device.replaceTable(table);
    return true;
  }
  if (hasLoaded) await device.forgetLoaded();
  if (isSuspended) await device.resume();
  return false;
}

async function missingOn(device: DmDevice, table: string): Promise<string | undefined> {
  const now = await device.table();
  if (!isSame(now, table)) return `has the table "${now}"`;
  return (await device.state()).isSuspended ? 'is suspended' : undefined;
}

async function leftOn(device: DmDevice, counters: Counters, table: string): Promise<string | undefined> {
  const now = await device.table();
  if (isSame(now, table)) return `has the table "${now}"`;
  return (await counters.isThere()) ? 'is still counted' : undefined;
}

function isFaulty(table: string): boolean {
  return parseTable(table).some(({ kind }) => faultKinds.includes(kind));
}

/** The kernel ends some lines with a blank. */
function isSame(one: string, other: string): boolean {
  const trimmed = (table: string): string => table.replace(/ +$/gm, '').trim();
  return trimmed(one) === trimmed(other);
}
