import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../../../errors/ordeal-error.ts';
import {
  containerOf,
  controlGroupSchema,
  controlGroupsOf,
  holds,
  isUnified,
  within,
  type ControlFiles,
} from '../../../injectors/cgroup/control-group.ts';
import { mountedHierarchies } from '../../../procfs/cgroup-hierarchies.ts';
import type {
  Effects,
  Injection,
  Injector,
  Memory,
  Support,
  Verification,
} from '../../../injectors/injector.ts';
import { withoutRoot } from '../../../injectors/privilege.ts';
import { taskLimitDescriptor, type TaskLimitParameters } from './descriptor.ts';

const memorySchema = controlGroupSchema.extend({
  /** As pids.max says them: a number or "max". */
  before: z.string(),
  asked: z.string(),
  refusedBefore: z.number(),
});

const lost: Effects = { count: 'unknown', remark: 'the limit is not there, or its container is gone' };

/** An injector by the words of the document: the limit of tasks that the kernel holds for a cgroup, lowered. */
export class TaskLimit implements Injector<TaskLimitParameters> {
  readonly descriptor = taskLimitDescriptor;

  async supported(): Promise<Support> {
    const hierarchies = await mountedHierarchies();
    const unified = hierarchies.find(isUnified);
    const offered = unified && (await readFile(join(unified.mountPoint, 'cgroup.controllers'), 'utf8'));
    const has = hierarchies.some(holds('pids')) || offered?.trim().split(' ').includes('pids') === true;
    return withoutRoot() ?? (has ? { supported: true } : withoutPids);
  }

  async capture({ target, parameters }: Injection<TaskLimitParameters>): Promise<Memory> {
    const container = containerOf(target);
    const groups = await controlGroupsOf(container, (all) => [all.find(holds('pids')), all.find(isUnified)]);
    for (const group of groups) {
      const read = await within(group, async (files) => {
        if (!(await files.has('pids.max'))) return undefined;
        return { before: await files.read('pids.max'), refusedBefore: await refusals(files) };
      });
      if (read === undefined) continue;
      if (read.before !== 'max' && Number(read.before) <= parameters.limit) {
        const found = `${container.name} may have no more than ${read.before} tasks already`;
        throw new OrdealError(
          'INVALID_INPUT',
          `${found}: a limit of ${parameters.limit} takes nothing away`,
          {
            remedy: `Ask for a limit below ${read.before}.`,
          },
        );
      }
      return { ...group, ...read, asked: String(parameters.limit) };
    }
    throw new OrdealError('NO_TARGET', `the container ${container.name} has no cgroup that limits tasks`);
  }

  async apply(_injection: Injection, memory: Memory): Promise<void> {
    const { before, asked, ...group } = memorySchema.parse(memory);
    const applied = await within(group, async (files) => {
      const found = await files.read('pids.max');
      if (found === asked) return true;
      if (found !== before) throw new Error(`somebody set pids.max to ${found} since the fault was prepared`);
      await files.write('pids.max', asked);
      return true;
    });
    if (applied === undefined) throw new OrdealError('NO_TARGET', `the cgroup ${group.directory} is gone`);
  }

  async effects(_injection: Injection, memory: Memory): Promise<Effects> {
    const { asked, refusedBefore, ...group } = memorySchema.parse(memory);
    const counted = await within(group, async (files) => {
      if ((await files.read('pids.max')) !== asked) return lost;
      return await counts(files, refusedBefore);
    });
    return counted ?? lost;
  }

  /** A limit that is not the one of the fault was set by somebody else since, or never touched: it stays. */
  async revert(_injection: Injection, memory: Memory): Promise<Effects> {
    const { before, asked, refusedBefore, ...group } = memorySchema.parse(memory);
    const reverted = await within(group, async (files) => {
      if ((await files.read('pids.max')) !== asked) return lost;
      await files.write('pids.max', before);
      return await counts(files, refusedBefore);
    });
    return reverted ?? lost;
  }

  async verify(
    _injection: Injection,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const { asked, ...group } = memorySchema.parse(memory);
    const limit = await within(group, async (files) => await files.read('pids.max'));
    if ((limit === asked) === (expected === 'applied')) return { holds: true };
    return { holds: false, found: limit === undefined ? 'its cgroup is gone' : `pids.max is ${limit}` };
  }

  /** A limit bears no name: the journal alone tells whose it is. */
  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }
}

const withoutPids: Support = {
  supported: false,
  reason: 'no mounted cgroup hierarchy has the controller "pids"',
  remedy: 'Start the host with a kernel that has CONFIG_CGROUP_PIDS, without cgroup_disable=pids.',
};

/** Where the container has cgroups of its own below, those may have counted what was refused in them. */
async function counts(files: ControlFiles, refusedBefore: number): Promise<Effects> {
  const here = (await files.read('cgroup.procs')).split('\n').filter((line) => line !== '');
  const below = (await files.readIds('cgroup.procs')).length > here.length;
  if (below) return { count: 'unknown', remark: 'tasks run in cgroups below the container’s' };
  return { count: (await refusals(files)) - refusedBefore };
}

async function refusals(files: ControlFiles): Promise<number> {
  return (await files.readNumbers('pids.events')).get('max') ?? 0;
}
