import { monotonicUs } from '../../clock/monotonic.ts';
import { containerOf, within } from '../cgroup/control-group.ts';
import { CounterWatch } from '../cgroup/counter-watch.ts';
import {
  applyCut,
  captureCut,
  cutIn,
  isUnlimited,
  memoryCutSchema,
  memoryFiles,
  restoreCut,
  settingsOf,
  willOfCut,
  type MemoryCut,
} from '../cgroup/memory-cut.ts';
import { memorySupport } from '../cgroup/memory-support.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import type { Will } from '../will.ts';
import { limitFor, memoryLimit, type MemoryLimitParameters } from './descriptor.ts';

export class MemoryLimitInjector implements Injector<MemoryLimitParameters> {
  readonly descriptor = memoryLimit;
  readonly #watches = new Map<string, CounterWatch>();

  async supported(): Promise<Support> {
    return await memorySupport();
  }

  async capture({ target, parameters }: Injection<MemoryLimitParameters>): Promise<Memory> {
    return await captureCut(containerOf(target), (held) => limitFor(parameters, held));
  }

  async apply(injection: Injection<MemoryLimitParameters>, memory: Memory): Promise<void> {
    const cut = memoryCutSchema.parse(memory);
    if (this.#watches.has(injection.id)) return;
    const base = await hitsOf(cut);
    await applyCut(cut);
    const read = async (): Promise<number | undefined> => await hitsOf(cut);
    this.#watches.set(injection.id, new CounterWatch(base ?? cut.hitsBefore, read));
  }

  willOf(memory: Memory): Will {
    return { ...willOfCut(memoryCutSchema.parse(memory)), isWhole: true };
  }

  async revert(injection: Injection<MemoryLimitParameters>, memory: Memory): Promise<Reverted> {
    const effects = await this.effects(injection, memory);
    await restoreCut(memoryCutSchema.parse(memory));
    const offUs = monotonicUs();
    this.#watches.get(injection.id)?.stop();
    this.#watches.delete(injection.id);
    return { ...effects, offUs };
  }

  async effects(injection: Injection<MemoryLimitParameters>, memory: Memory): Promise<Effects> {
    const cut = memoryCutSchema.parse(memory);
    const names = memoryFiles[cut.version];
    const watch = this.#watches.get(injection.id);
    const found = await within(cut, async (files) => ({
      limit: Number(await files.read(names.limit)),
      ...(await names.hits(files)),
    }));
    if (found === undefined) return { count: 'unknown' };
    const kills = found.kills - cut.killsBefore;
    const counted =
      watch === undefined ? { count: await this.#countOfOther(cut, found.hits) } : await watch.effects();
    return {
      ...counted,
      dose: { unit: 'bytes', asked: Number(cut.asked), achieved: found.limit },
      ...(kills === 0 ? {} : { remark: `${kills} of its processes were killed for want of memory` }),
    };
  }

  /** What another process began: the kernel's count is the fault's only where there was no limit to hit before. */
  async #countOfOther(cut: MemoryCut, hits: number): Promise<number | 'unknown'> {
    const count = hits - cut.hitsBefore;
    const isThere = (await cutIn(cut))?.length === settingsOf(cut).length;
    return isUnlimited(cut) && (isThere || count === 0) ? count : 'unknown';
  }

  async verify(
    _injection: Injection<MemoryLimitParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const cut = memoryCutSchema.parse(memory);
    const found = await cutIn(cut);
    const whole = found?.length === settingsOf(cut).length;
    if (expected === 'applied' ? whole : (found ?? []).length === 0) return { holds: true };
    const what =
      found === undefined ? 'is gone' : found.length === 0 ? 'has no limit of the fault' : found.join(', ');
    return { holds: false, found: `the cgroup ${cut.directory}: ${what}` };
  }

  /** A limit bears no mark of who set it: only the journal knows, and `verify` reads it back for each entry. */
  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }
}

async function hitsOf(cut: MemoryCut): Promise<number | undefined> {
  return await within(cut, async (files) => (await memoryFiles[cut.version].hits(files)).hits);
}
