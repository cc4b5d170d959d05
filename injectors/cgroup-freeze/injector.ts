import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import {
  containerOf,
  controlGroupSchema,
  controlGroupsOf,
  holds,
  isUnified,
  within,
  type ControlFiles,
} from '../cgroup/control-group.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import type { Will } from '../will.ts';
import { cgroupFreeze } from './descriptor.ts';
import { freezers } from './freezer.ts';

/** A task that sleeps in the kernel without a way to be woken (on a dead disk) does not freeze; the others take milliseconds. */
const settlesWithinUs = 5_000_000;
const lookEveryMs = 1;

const memorySchema = controlGroupSchema.extend({
  version: z.union([z.literal(1), z.literal(2)]),
  /** The kernel's own count at the time; absent where it keeps none. */
  frozenBeforeUs: z.number().optional(),
});

interface Frozen {
  readonly tasks: number;
  readonly sinceUs: number;
}

export class CgroupFreezeInjector implements Injector {
  readonly descriptor = cgroupFreeze;
  readonly #frozen = new Map<string, Frozen>();

  async supported(): Promise<Support> {
    const hierarchies = await mountedHierarchies();
    if (hierarchies.some(isUnified) || hierarchies.some(holds('freezer'))) {
      return withoutRoot() ?? { supported: true };
    }
    return {
      supported: false,
      reason: 'neither a cgroup v2 hierarchy nor the v1 freezer is mounted',
      remedy: 'Mount cgroup2 on /sys/fs/cgroup, as systemd does.',
    };
  }

  async capture(injection: Injection): Promise<Memory> {
    const target = containerOf(injection.target);
    const [legacyGroup] = await controlGroupsOf(target, (all) => all.filter(holds('freezer')));
    const [unifiedGroup] = await controlGroupsOf(target, (all) => all.filter(isUnified));
    for (const [version, group] of [
      [2, unifiedGroup],
      [1, legacyGroup],
    ] as const) {
      if (group === undefined) continue;
      const freezer = freezers[version];
      const memory = await within(group, async (files): Promise<Memory | undefined> => {
        // On a hybrid host the tasks need not be in both hierarchies.
        if ((await freezer.tasks(files)) === 0) return undefined;
        if ((await freezer.isRequested(files)) || (await freezer.isFrozen(files)))
          throw frozenByOther(target.name);
        const frozenBeforeUs = await freezer.frozenUs(files);
        return { version, ...group, ...(frozenBeforeUs === undefined ? {} : { frozenBeforeUs }) };
      });
      if (memory !== undefined) return memory;
    }
    throw new OrdealError('NO_TARGET', `no task runs in a freezable cgroup of the container ${target.name}`);
  }

  async apply(injection: Injection, memory: Memory): Promise<void> {
    const { version, ...group } = memorySchema.parse(memory);
    const freezer = freezers[version];
    const done = await within(group, async (files) => {
      if (this.#frozen.has(injection.id) && (await freezer.isRequested(files))) return true;
      await freezer.request(files, 'frozen');
      await settle(async () => await freezer.isFrozen(files), 'not all of its tasks froze');
      const sinceUs = monotonicUs();
      const tasks = await freezer.tasks(files);
      if (tasks === 0) throw new OrdealError('NO_TARGET', 'no task was left in it to freeze');
      this.#frozen.set(injection.id, { tasks, sinceUs });
      return true;
    });
    if (done === undefined) throw new OrdealError('NO_TARGET', `its cgroup ${group.directory} is gone`);
  }

  async revert(injection: Injection, memory: Memory): Promise<Reverted> {
    const { version, ...group } = memorySchema.parse(memory);
    const freezer = freezers[version];
    const effects = await within(group, async (files): Promise<Reverted> => {
      // It was thawed when the fault was prepared, so a frozen one is the fault's.
      if (!(await freezer.isRequested(files))) return await this.#effectsIn(files, injection, memory);
      const frozen = await this.#effectsIn(files, injection, memory);
      await freezer.request(files, 'thawed');
      await settle(async () => !(await freezer.isRequested(files)), 'it did not thaw');
      const offUs = monotonicUs();
      return { ...frozen, offUs, ...(frozen.lastUs === undefined ? {} : { lastUs: offUs }) };
    });
    this.#frozen.delete(injection.id);
    return effects ?? { count: 'unknown' };
  }

  async effects(injection: Injection, memory: Memory): Promise<Effects> {
    const group = memorySchema.parse(memory);
    const effects = await within(group, async (files) => await this.#effectsIn(files, injection, memory));
    return effects ?? { count: 'unknown' };
  }

  async verify(
    _injection: Injection,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const { version, ...group } = memorySchema.parse(memory);
    const freezer = freezers[version];
    const state = await within(group, async (files) => ({
      requested: await freezer.isRequested(files),
      frozen: await freezer.isFrozen(files),
    }));
    const found =
      state === undefined ? 'gone' : state.frozen ? 'frozen' : state.requested ? 'freezing' : 'thawed';
    const holdsSo = expected === 'applied' ? found === 'frozen' : state?.requested !== true;
    return holdsSo ? { holds: true } : { holds: false, found: `the cgroup ${group.directory} is ${found}` };
  }

  willOf(memory: Memory): Will {
    const { version, ...group } = memorySchema.parse(memory);
    return { group, restores: freezers[version].thaws, isWhole: true };
  }

  /** A frozen cgroup bears no mark of who froze it: only the journal knows, and `verify` reads it back for each entry. */
  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }

  async #effectsIn(files: ControlFiles, injection: Injection, memory: Memory): Promise<Effects> {
    const { version, frozenBeforeUs } = memorySchema.parse(memory);
    const freezer = freezers[version];
    const nowUs = monotonicUs();
    const totalUs = await freezer.frozenUs(files);
    const kernelUs =
      totalUs === undefined || frozenBeforeUs === undefined ? undefined : totalUs - frozenBeforeUs;
    const frozen = await freezer.isFrozen(files);
    if (kernelUs === 0 && !frozen) return { count: 0 };
    const record = this.#frozen.get(injection.id);
    // While it is frozen no task can be added by itself, so another process than the one that froze it counts the same.
    const count = record?.tasks ?? (frozen ? await freezer.tasks(files) : 'unknown');
    const firstUs = record?.sinceUs ?? (frozen && kernelUs !== undefined ? nowUs - kernelUs : undefined);
    const lastUs = frozen ? nowUs : undefined;
    const sinceUs = frozen && firstUs !== undefined ? nowUs - firstUs : undefined;
    const achievedUs = kernelUs ?? sinceUs;
    return {
      count,
      ...(firstUs === undefined ? {} : { firstUs }),
      ...(lastUs === undefined ? {} : { lastUs }),
      ...(achievedUs === undefined
        ? {}
        : { dose: { unit: 'share of the duration', asked: 1, achieved: achievedUs / injection.durationUs } }),
    };
  }
}

async function settle(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  const giveUpAtUs = monotonicUs() + settlesWithinUs;
  while (!(await condition())) {
    if (monotonicUs() > giveUpAtUs) throw new Error(`${otherwise} within ${settlesWithinUs / 1_000_000} s`);
    await sleep(lookEveryMs);
  }
}

function frozenByOther(container: string): OrdealError {
  return new OrdealError(
    'DIRTY_HOST',
    `the container ${container} is frozen already, and not by this injection`,
    {
      remedy: 'Thaw it (docker unpause, or what froze it), then try again.',
    },
  );
}
