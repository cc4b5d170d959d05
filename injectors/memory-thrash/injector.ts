import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { containerOf, within } from '../cgroup/control-group.ts';
import { CounterWatch } from '../cgroup/counter-watch.ts';
import { applyCut, captureCut, cutIn, memoryCutSchema, restoreCut, willOfCut } from '../cgroup/memory-cut.ts';
import { memorySupport } from '../cgroup/memory-support.ts';
import { Hog } from '../hog/hog.ts';
import { markOf, marksOn } from '../hog/mark.ts';
import { endAll } from '../hog/removal.ts';
import { captureSite, placeIn, processesIn, siteSchema, withoutHogs } from '../hog/site.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { refuseBesideOrdeal } from '../ordeal-beside.ts';
import { isWholeMachine, type Target } from '../target.ts';
import type { Will } from '../will.ts';
import { memoryThrash, roomOf, type MemoryThrashParameters } from './descriptor.ts';
import {
  countIn,
  countOf,
  doseUnit,
  refaultPattern,
  signalOf,
  signalOfHost,
  signalSchema,
  unitsASecond,
} from './signal.ts';
import { targetOf, thrashersOf } from './thrasher.ts';

/** The host keeps at least so much: a fault of one container is not to become one of all. */
const leftToHostBytes = 256 * 1024 ** 2;

const memorySchema = z.object({
  site: kept(siteSchema),
  /** Of a container; what is free on a host is taken by the thrashers themselves. */
  cut: kept(memoryCutSchema).optional(),
  signal: kept(signalSchema),
});

type Captured = z.infer<typeof memorySchema>;

interface Thrashing {
  readonly hog: Hog;
  readonly refaults: CounterWatch;
  readonly signalBefore: number;
}

export class MemoryThrashInjector implements Injector<MemoryThrashParameters> {
  readonly descriptor = memoryThrash;
  readonly #thrashing = new Map<string, Thrashing>();

  async supported(): Promise<Support> {
    return (await withoutHogs()) ?? (await memorySupport());
  }

  async capture({ target, parameters }: Injection<MemoryThrashParameters>): Promise<Memory> {
    const room = roomOf(parameters);
    if (isWholeMachine(target)) {
      await refuseBesideOrdeal('thrashing', 'would wait for memory, too');
      const signal = await signalOfHost();
      demandFree(room);
      return { site: JSON.stringify(await captureSite(target)), signal: JSON.stringify(signal) };
    }
    demandFree(room + leftToHostBytes);
    const container = containerOf(target);
    const site = await captureSite(container);
    const cut = await captureCut(container, (held) => held + room);
    const signal = await signalOf(container, cut);
    return { site: JSON.stringify(site), cut: JSON.stringify(cut), signal: JSON.stringify(signal) };
  }

  async apply(injection: Injection<MemoryThrashParameters>, memory: Memory): Promise<void> {
    const captured = memorySchema.parse(memory);
    const { site, cut, signal } = captured;
    if (cut !== undefined) await applyCut(cut);
    if ((await this.#find(injection, captured)).length > 0) return;
    const program = thrashersOf(injection.parameters, signal, injection.durationUs);
    const hog = await Hog.start(markOf(memoryThrash.name, injection.id), await placeIn(site), program);
    const read = async (): Promise<number | undefined> => await refaultsOf(captured);
    const refaults = new CounterWatch((await read()) ?? 0, read);
    this.#thrashing.set(injection.id, { hog, refaults, signalBefore: (await countOf(signal)) ?? 0 });
  }

  async revert(injection: Injection<MemoryThrashParameters>, memory: Memory): Promise<Reverted> {
    const captured = memorySchema.parse(memory);
    const effects = await this.effects(injection, memory);
    await endAll(async () => await this.#find(injection, captured));
    if (captured.cut !== undefined) await restoreCut(captured.cut);
    const offUs = monotonicUs();
    const thrashing = this.#thrashing.get(injection.id);
    thrashing?.refaults.stop();
    await thrashing?.hog.end();
    this.#thrashing.delete(injection.id);
    return { ...effects, offUs };
  }

  async effects(injection: Injection<MemoryThrashParameters>, memory: Memory): Promise<Effects> {
    const { signal, cut } = memorySchema.parse(memory);
    const thrashing = this.#thrashing.get(injection.id);
    // The container reads pages again without any fault too: since when they are the fault's, only the process knows that began it.
    if (thrashing === undefined) return { count: 'unknown' };
    const { refaults, signalBefore, hog } = thrashing;
    const seconds = (monotonicUs() - refaults.sinceUs) / 1_000_000;
    const grown = ((await countOf(signal)) ?? Number.NaN) - signalBefore;
    const achieved = grown / unitsASecond[signal.kind] / seconds;
    const asked = targetOf(injection.parameters, signal);
    const killed = hog.said.filter((line) => line.startsWith('killed ')).length;
    return {
      ...(await refaults.effects()),
      ...(Number.isNaN(achieved) ? {} : { dose: { unit: doseUnit[signal.kind], asked, achieved } }),
      ...(killed === 0
        ? {}
        : {
            remark: `${killed} of the thrashers were killed${cut === undefined ? '' : ` (limit ${cut.asked} bytes)`}`,
          }),
    };
  }

  async verify(
    injection: Injection<MemoryThrashParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const captured = memorySchema.parse(memory);
    const processes = await this.#find(injection, captured);
    const limits = captured.cut === undefined ? [] : ((await cutIn(captured.cut)) ?? []);
    if (expected === 'applied') {
      const isLimited = captured.cut === undefined || limits.length > 0;
      if (processes.length > 0 && isLimited) return { holds: true };
      return { holds: false, found: isLimited ? 'no thrasher runs' : 'the limit is not there' };
    }
    if (processes.length === 0 && limits.length === 0) return { holds: true };
    const found = [...processes.map((pid) => `process ${pid}`), ...limits].join(', ');
    const where = captured.cut === undefined ? 'on the host' : `in the cgroup ${captured.cut.directory}`;
    return { holds: false, found: `${where} there is still: ${found}` };
  }

  /** The thrashers end with whoever has started them; of a host there is nothing else. */
  willOf(memory: Memory): Will | undefined {
    const { cut } = memorySchema.parse(memory);
    return cut === undefined ? undefined : { ...willOfCut(cut), isWhole: false };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await marksOn(targets, memoryThrash.name);
  }

  async #find({ id }: Injection, { site }: Captured): Promise<number[]> {
    return await processesIn(site, markOf(memoryThrash.name, id));
  }
}

function demandFree(bytes: number): void {
  if (freemem() >= bytes) return;
  throw new OrdealError('UNSUPPORTED', `the host has only ${freemem()} bytes of memory free`, {
    remedy: 'Ask for less room, or free memory on the host.',
  });
}

async function refaultsOf({ cut }: Captured): Promise<number | undefined> {
  if (cut === undefined) return countIn(await readFile('/proc/vmstat', 'utf8'), refaultPattern.host);
  const text = await within(cut, async (files) => await files.read('memory.stat'));
  return text === undefined ? undefined : countIn(text, refaultPattern[cut.version]);
}

/** The journal keeps plain values only; what has parts is kept as JSON. */
function kept<Value>(schema: z.ZodType<Value>): z.ZodType<Value> {
  return z.preprocess((text) => JSON.parse(String(text)) as unknown, schema);
}
