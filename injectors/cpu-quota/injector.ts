import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  type ControlGroup,
} from '../cgroup/control-group.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import type { Will } from '../will.ts';
import { cpuQuota, limitOf, type CpuQuotaParameters } from './descriptor.ts';
import { isOurs, limitFiles, parseCpuMax, sameLimit, shareOf, type Limit } from './limit.ts';
import { UsageWatch, type Usage } from './usage.ts';

const memorySchema = controlGroupSchema
  .extend({
    version: z.union([z.literal(1), z.literal(2)]),
    /** Both as cpu.max says them. */
    before: z.string().transform(parseCpuMax),
    asked: z.string().transform(parseCpuMax),
    throttledBefore: z.number(),
    /** v1 counts the CPU time in a hierarchy of its own. */
    accountDirectory: z.string().optional(),
    accountInode: z.number().optional(),
  })
  .transform((memory) => ({
    ...memory,
    group: controlGroupSchema.parse(memory),
    account: accountOf(memory.accountDirectory, memory.accountInode),
  }));

type Captured = z.infer<typeof memorySchema>;

export class CpuQuotaInjector implements Injector<CpuQuotaParameters> {
  readonly descriptor = cpuQuota;
  readonly #watches = new Map<string, UsageWatch>();

  async supported(): Promise<Support> {
    for (const hierarchy of await mountedHierarchies()) {
      if (holds('cpu')(hierarchy)) return withoutRoot() ?? { supported: true };
      if (!isUnified(hierarchy)) continue;
      const controllers = await readFile(join(hierarchy.mountPoint, 'cgroup.controllers'), 'utf8');
      if (controllers.trim().split(' ').includes('cpu')) return withoutRoot() ?? { supported: true };
    }
    return {
      supported: false,
      reason: 'no cgroup hierarchy of this host has the cpu controller',
      remedy:
        'Use a kernel with CONFIG_CFS_BANDWIDTH, and mount cgroup2 on /sys/fs/cgroup with the cpu controller.',
    };
  }

  async capture({ target, parameters }: Injection<CpuQuotaParameters>): Promise<Memory> {
    const container = containerOf(target);
    const [legacy] = await controlGroupsOf(container, (all) => all.filter(holds('cpu')));
    const [unified] = await controlGroupsOf(container, (all) => all.filter(isUnified));
    const group = legacy ?? unified;
    const version = legacy === undefined ? 2 : 1;
    const [account] = await controlGroupsOf(container, (all) =>
      version === 1 ? all.filter(holds('cpuacct')) : [],
    );
    const asked: Limit = limitOf(parameters);
    const memory =
      group &&
      (await within(group, async (files): Promise<Memory | undefined> => {
        // A v2 cgroup has only the controllers that the one above hands down.
        if (!(await limitFiles[version].isThere(files))) return undefined;
        const before = await limitFiles[version].read(files);
        await refuseUnlessCut(files, version, before, asked);
        return {
          version,
          ...group,
          before: `${before.quotaUs} ${before.periodUs}`,
          asked: `${asked.quotaUs} ${asked.periodUs}`,
          throttledBefore: await throttledPeriods(files),
          ...(account && { accountDirectory: account.directory, accountInode: account.inode }),
        };
      }));
    if (memory !== undefined) return memory;
    throw new OrdealError(
      'UNSUPPORTED',
      `the cgroup of the container ${container.name} has no cpu controller`,
      {
        remedy: 'Enable it: write "+cpu" into cgroup.subtree_control of each cgroup above it.',
      },
    );
  }

  async apply(injection: Injection<CpuQuotaParameters>, memory: Memory): Promise<void> {
    const captured = memorySchema.parse(memory);
    const files = limitFiles[captured.version];
    const done = await within(captured.group, async (group) => {
      const found = await files.read(group);
      const base = await usageOf(group, captured);
      if (!sameLimit(found, captured.asked)) {
        if (!sameLimit(found, captured.before) && !isOurs(found, captured.before, captured.asked)) {
          throw new Error(`somebody set its CPU limit to ${say(found)} since the fault was prepared`);
        }
        await files.write(group, found, captured.asked);
      }
      return base;
    });
    if (done === undefined) throw new OrdealError('NO_TARGET', `its cgroup ${captured.directory} is gone`);
    if (this.#watches.has(injection.id)) return;
    const read = async (): Promise<Usage | undefined> =>
      await within(captured.group, async (group) => await usageOf(group, captured));
    this.#watches.set(injection.id, new UsageWatch(done, read));
  }

  async revert(injection: Injection<CpuQuotaParameters>, memory: Memory): Promise<Reverted> {
    const { group, version, before, asked } = memorySchema.parse(memory);
    const files = limitFiles[version];
    const effects = await this.effects(injection, memory);
    await within(group, async (control) => {
      const found = await files.read(control);
      if (isOurs(found, before, asked)) await files.write(control, found, before);
      return true;
    });
    const offUs = monotonicUs();
    this.#watches.get(injection.id)?.stop();
    this.#watches.delete(injection.id);
    return { ...effects, offUs };
  }

  async effects(injection: Injection<CpuQuotaParameters>, memory: Memory): Promise<Effects> {
    const captured = memorySchema.parse(memory);
    const watch = this.#watches.get(injection.id);
    if (watch !== undefined) return await watch.effects(shareOf(captured.asked));
    // Another process than the one that began it: only the kernel's count is left, and only where all of it is the fault's.
    const counted = await within(captured.group, async (files) => {
      const ours = isOurs(await limitFiles[captured.version].read(files), captured.before, captured.asked);
      const count = (await throttledPeriods(files)) - captured.throttledBefore;
      return captured.before.quotaUs === 'max' && (ours || count === 0) ? count : undefined;
    });
    return { count: counted ?? 'unknown' };
  }

  async verify(
    _injection: Injection<CpuQuotaParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const { group, version, before, asked } = memorySchema.parse(memory);
    const found = await within(group, async (files) => await limitFiles[version].read(files));
    const holdsSo =
      expected === 'applied'
        ? found !== undefined && sameLimit(found, asked)
        : found === undefined || !isOurs(found, before, asked);
    if (holdsSo) return { holds: true };
    const what = found === undefined ? 'is gone' : `has the CPU limit ${say(found)}`;
    return { holds: false, found: `the cgroup ${group.directory} ${what}` };
  }

  willOf(memory: Memory): Will {
    const { group, version, before, asked } = memorySchema.parse(memory);
    return { group, restores: limitFiles[version].restores(asked, before), isWhole: true };
  }

  /** A quota bears no mark of who set it: only the journal knows, and `verify` reads it back for each entry. */
  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }
}

async function refuseUnlessCut(
  files: ControlFiles,
  version: 1 | 2,
  before: Limit,
  asked: Limit,
): Promise<void> {
  if (shareOf(asked) >= shareOf(before)) {
    const limits = `${say(asked)} is not less than the ${say(before)} that it may use now`;
    throw new OrdealError('INVALID_INPUT', `${limits}: that would be no cut`);
  }
  const { burstFile } = limitFiles[version];
  // A burst lets it use more than the quota, and the kernel refuses a quota below it.
  if ((await files.has(burstFile)) && (await files.read(burstFile)) !== '0') {
    throw new OrdealError('UNSUPPORTED', `its cgroup has a CPU burst (${burstFile})`, {
      remedy: 'Set the burst to 0 for the time of the campaign.',
    });
  }
}

async function usageOf(files: ControlFiles, { version, account }: Captured): Promise<Usage> {
  const counted = { throttledPeriods: await throttledPeriods(files) };
  if (version === 2)
    return { ...counted, cpuUs: (await files.readNumbers('cpu.stat')).get('usage_usec') ?? 0 };
  const ns = account && (await within(account, async (group) => Number(await group.read('cpuacct.usage'))));
  return ns === undefined ? counted : { ...counted, cpuUs: ns / 1000 };
}

async function throttledPeriods(files: ControlFiles): Promise<number> {
  return (await files.readNumbers('cpu.stat')).get('nr_throttled') ?? 0;
}

function accountOf(directory: string | undefined, inode: number | undefined): ControlGroup | undefined {
  return directory === undefined || inode === undefined ? undefined : { directory, inode };
}

function say(limit: Limit): string {
  return limit.quotaUs === 'max' ? 'no limit' : `${limit.quotaUs} us in each ${limit.periodUs} us`;
}
