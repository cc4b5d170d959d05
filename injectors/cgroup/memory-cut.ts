import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import type { ContainerTarget } from '../target.ts';
import type { Will } from '../will.ts';
import {
  controlGroupSchema,
  controlGroupsOf,
  holds,
  isUnified,
  within,
  type ControlFiles,
} from './control-group.ts';

/** A memory limit that is to be cut for a time, as the journal keeps it. The limits are as the kernel's files say them: v2 says "max". */
export const memoryCutSchema = controlGroupSchema.extend({
  version: z.union([z.literal(1), z.literal(2)]),
  before: z.string(),
  asked: z.string(),
  /** Absent where the kernel does not limit swap. */
  swapBefore: z.string().exactOptional(),
  hitsBefore: z.number(),
  killsBefore: z.number(),
});

export type MemoryCut = Readonly<z.infer<typeof memoryCutSchema>>;

/** How often the cgroup reached its limit, and how many of its processes were killed for it, in all its life. */
interface Hits {
  readonly hits: number;
  readonly kills: number;
}

/** What differs between the cgroup versions. */
interface MemoryFiles {
  readonly limit: string;
  readonly swap: string;
  readonly usage: string;
  /** What swap may hold during the cut: nothing, for memory that is elsewhere is slow, not missing. */
  swapAsked(asked: string): string;
  hits(files: ControlFiles): Promise<Hits>;
  /** What of the usage the kernel can take back at once: pages of files. */
  reclaimable(files: ControlFiles): Promise<number>;
}

/** Limits are whole pages. */
const pageBytes = 4096;

const legacy: MemoryFiles = {
  limit: 'memory.limit_in_bytes',
  // Of memory and swap together; never to be below that of memory alone.
  swap: 'memory.memsw.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  // A page above: at the same value the common limit is met first, and of its hits newer kernels (6.18) keep no count.
  swapAsked: (asked) => String(Number(asked) + pageBytes),
  hits: async (files) => {
    const kills = (await files.readNumbers('memory.oom_control')).get('oom_kill') ?? 0;
    return { hits: Number(await files.read('memory.failcnt')), kills };
  },
  reclaimable: async (files) => await sumOf(files, ['total_active_file', 'total_inactive_file']),
};

const unified: MemoryFiles = {
  limit: 'memory.max',
  swap: 'memory.swap.max',
  usage: 'memory.current',
  swapAsked: () => '0',
  hits: async (files) => {
    const events = await files.readNumbers('memory.events');
    return { hits: events.get('max') ?? 0, kills: events.get('oom_kill') ?? 0 };
  },
  reclaimable: async (files) => await sumOf(files, ['active_file', 'inactive_file']),
};

export const memoryFiles = { 1: legacy, 2: unified } as const;

/** `limitFor` says how low the limit is to be, given what the container holds and cannot give back. */
export async function captureCut(
  container: ContainerTarget,
  limitFor: (heldBytes: number) => number,
): Promise<MemoryCut> {
  const [legacyGroup] = await controlGroupsOf(container, (all) => all.filter(holds('memory')));
  const [unifiedGroup] = await controlGroupsOf(container, (all) => all.filter(isUnified));
  const version = legacyGroup === undefined ? 2 : 1;
  const group = legacyGroup ?? unifiedGroup;
  const names = memoryFiles[version];
  const cut =
    group &&
    (await within(group, async (files): Promise<MemoryCut | undefined> => {
      // A v2 cgroup has only the controllers that the one above hands down.
      if (!(await files.has(names.limit))) return undefined;
      const held = Number(await files.read(names.usage)) - (await names.reclaimable(files));
      const before = await files.read(names.limit);
      const asked = Math.floor(limitFor(Math.max(held, 0)) / pageBytes) * pageBytes;
      if (before !== 'max' && asked >= Number(before)) {
        const limits = `${asked} bytes are not less than the ${before} that it may use now`;
        throw new OrdealError('INVALID_INPUT', `${limits}: that would be no cut`);
      }
      const { hits, kills } = await names.hits(files);
      return {
        version,
        ...group,
        before,
        asked: String(asked),
        ...((await files.has(names.swap)) ? { swapBefore: await files.read(names.swap) } : {}),
        hitsBefore: hits,
        killsBefore: kills,
      };
    }));
  if (cut !== undefined) return cut;
  throw new OrdealError(
    'UNSUPPORTED',
    `the cgroup of the container ${container.name} has no memory controller`,
    { remedy: 'Enable it: write "+memory" into cgroup.subtree_control of each cgroup above it.' },
  );
}

/** Whether there was no limit before. v1 says so by a number beyond any memory. */
export function isUnlimited({ before }: MemoryCut): boolean {
  return before === 'max' || Number(before) >= 2 ** 62;
}

export async function applyCut(cut: MemoryCut): Promise<void> {
  const done = await within(cut, async (files) => {
    // v1 refuses a common limit below that of memory alone, so that comes first.
    const steps = cut.version === 1 ? settingsOf(cut) : settingsOf(cut).toReversed();
    for (const { file, before, asked } of steps) {
      const found = await files.read(file);
      if (found === asked) continue;
      if (found !== before)
        throw new Error(`somebody set its ${file} to ${found} since the fault was prepared`);
      await lower(files, file, asked);
    }
    return true;
  });
  if (done === undefined) throw new OrdealError('NO_TARGET', `its cgroup ${cut.directory} is gone`);
}

/** Only what is as the cut has set it: any other value is the newer wish of somebody else. */
export async function restoreCut(cut: MemoryCut): Promise<void> {
  await within(cut, async (files) => {
    for (const { file, before, asked } of inOrderOfRestoring(cut)) {
      if ((await files.read(file)) === asked) await files.write(file, before);
    }
    return true;
  });
}

/** The same, by whoever has nothing but this. */
export function willOfCut(cut: MemoryCut): Omit<Will, 'isWhole'> {
  const restores = inOrderOfRestoring(cut).map(({ file, before, asked }) => ({
    file,
    applied: asked,
    before,
  }));
  return { group: cut, restores };
}

/** v1 refuses a limit of memory alone above the common one. */
function inOrderOfRestoring(cut: MemoryCut): ReturnType<typeof settingsOf> {
  return cut.version === 1 ? settingsOf(cut).toReversed() : settingsOf(cut);
}

/** The limits that are the cut's now, as lines; undefined where the cgroup is gone. */
export async function cutIn(cut: MemoryCut): Promise<readonly string[] | undefined> {
  return await within(cut, async (files) => {
    const found: string[] = [];
    for (const { file, before, asked } of settingsOf(cut)) {
      const text = await files.read(file);
      if (text === asked && text !== before) found.push(`${file} is ${text}`);
    }
    return found;
  });
}

/** How many limits the cut changes: as many as `cutIn` finds when all of it is there. */
export function settingsOf(cut: MemoryCut): { file: string; before: string; asked: string }[] {
  const names = memoryFiles[cut.version];
  const { before, asked, swapBefore } = cut;
  const ofSwap = { file: names.swap, before: swapBefore ?? '', asked: names.swapAsked(asked) };
  const swapped = swapBefore === undefined || swapBefore === ofSwap.asked ? [] : [ofSwap];
  return [{ file: names.limit, before, asked }, ...swapped];
}

async function lower(files: ControlFiles, file: string, asked: string): Promise<void> {
  try {
    await files.write(file, asked);
  } catch (error) {
    if (systemCode(error) !== 'EBUSY') throw error;
    throw new OrdealError('APPLY_FAILED', `it holds more than ${asked} bytes, and could not give them back`, {
      cause: error,
      remedy:
        'Ask for a higher limit, such as one above what it holds ("+1MiB"); cgroup v1 takes no lower one.',
    });
  }
}

async function sumOf(files: ControlFiles, keys: readonly string[]): Promise<number> {
  const numbers = await files.readNumbers('memory.stat');
  return keys.reduce((sum, key) => sum + (numbers.get(key) ?? 0), 0);
}
