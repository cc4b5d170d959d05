import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { CounterWatch } from '../cgroup/counter-watch.ts';
import { Hog } from '../hog/hog.ts';
import { markedAmong, markOf, marksOn } from '../hog/mark.ts';
import { endAll, send, youngestOf } from '../hog/removal.ts';
import { placeIn, processesIn, siteSchema, withoutHogs } from '../hog/site.ts';
import { Tally } from '../hog/tally.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { readOfProcess } from '../../procfs/stat.ts';
import {
  captureDirectory,
  capturedDirectorySchema,
  inCapturedDirectory,
} from '../storage/captured-directory.ts';
import { filesystemOf, isInMemory, type Filesystem } from '../storage/filesystem.ts';
import { sparedOn } from '../storage/spared.ts';
import type { Target } from '../target.ts';
import { burnersOf, completedBy, remarkOnEnds } from './burner.ts';
import { bytesOf, ioBurn, takenBy, type IoBurnParameters } from './descriptor.ts';

const memorySchema = z.object({ slowed: z.string().optional() }).and(capturedDirectorySchema);

interface Burning {
  readonly hog: Hog;
  readonly asked: Pick<IoBurnParameters, 'burners' | 'requests'>;
  readonly completed: CounterWatch;
}

export class IoBurnInjector implements Injector<IoBurnParameters> {
  readonly descriptor = ioBurn;
  readonly #own: readonly string[];
  readonly #burning = new Map<string, Burning>();

  /** The directories of Ordeal's own: where they are slowed too, the effects say so. */
  constructor(own: readonly string[]) {
    this.#own = own;
  }

  async supported(): Promise<Support> {
    const unsupported = await withoutHogs();
    if (unsupported !== undefined) return unsupported;
    if ((await readOfProcess(process.pid, 'io')) !== undefined) return { supported: true };
    return {
      supported: false,
      reason: 'the kernel does not count what a process writes',
      remedy: 'Use a kernel with CONFIG_TASK_IO_ACCOUNTING.',
    };
  }

  async capture({ target, parameters }: Injection<IoBurnParameters>): Promise<Memory> {
    return await captureDirectory(target, parameters.directory, async (path) => {
      const filesystem = await filesystemOf(path);
      refuseUnfit(filesystem, parameters);
      const slowed = await sparedOn(filesystem, this.#own);
      return slowed === undefined ? {} : { slowed };
    });
  }

  async apply(injection: Injection<IoBurnParameters>, memory: Memory): Promise<void> {
    if ((await findBurners(injection, memory)).length > 0) return;
    const captured = memorySchema.parse(memory);
    const { id, parameters } = injection;
    await inCapturedDirectory(captured, parameters.directory, async (path) => {
      refuseUnfit(await filesystemOf(path), parameters);
      const program = burnersOf(path, injection);
      const hog = await Hog.start(markOf(ioBurn.name, id), await placeIn(captured), program);
      const completed = await this.#watch(injection, memory);
      this.#burning.set(id, { hog, asked: parameters, completed });
    });
  }

  async revert(injection: Injection<IoBurnParameters>, memory: Memory): Promise<Reverted> {
    const find = async (): Promise<number[]> => await findBurners(injection, memory);
    // Stopped, they do nothing more, and what they did can still be read.
    for (const pid of await youngestOf(await find())) send(pid, 'SIGSTOP');
    const effects = await this.effects(injection, memory);
    const burning = this.#burning.get(injection.id);
    burning?.completed.stop();
    // Before a process is gone, so is what it had asked of the disk.
    await endAll(find);
    const offUs = monotonicUs();
    await burning?.hog.end();
    this.#burning.delete(injection.id);
    return { ...effects, offUs };
  }

  async effects(injection: Injection<IoBurnParameters>, memory: Memory): Promise<Effects> {
    const burning = this.#burning.get(injection.id);
    // What was completed is known to the process that looked on; the kernel keeps it no longer than the burners.
    if (burning === undefined) return { count: 'unknown' };
    const { completed, hog, asked } = burning;
    const effects = await completed.effects();
    const seconds = (monotonicUs() - completed.sinceUs) / 1_000_000;
    const { slowed } = memorySchema.parse(memory);
    const remarks = [
      remarkOnEnds(hog.said, asked.burners),
      slowed === undefined
        ? undefined
        : `${slowed}, where Ordeal keeps its own, is on that disk and was slowed too`,
    ].filter((remark) => remark !== undefined);
    return {
      ...effects,
      dose: { unit: 'requests a second', asked: asked.requests, achieved: Number(effects.count) / seconds },
      ...(remarks.length === 0 ? {} : { remark: remarks.join('; ') }),
    };
  }

  async verify(
    injection: Injection<IoBurnParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const left = await findBurners(injection, memory);
    if (expected === 'reverted') {
      if (left.length === 0) return { holds: true };
      return { holds: false, found: `burners still run: the processes ${left.join(', ')}` };
    }
    // Their parent ends with the last of them.
    if (left.length > 0) return { holds: true };
    return { holds: false, found: 'no burner runs: each has ended' };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await marksOn(targets, ioBurn.name);
  }

  /** All burners are forked before they are looked at: none comes later. */
  async #watch(injection: Injection<IoBurnParameters>, memory: Memory): Promise<CounterWatch> {
    const burners = await findBurners(injection, memory);
    const blockBytes = bytesOf(injection.parameters.block);
    const tally = new Tally(
      async () => await markedAmong(burners, markOf(ioBurn.name, injection.id)),
      async (pid) => await completedBy(pid, blockBytes),
    );
    return new CounterWatch(0, async () => await tally.look());
  }
}

function refuseUnfit(filesystem: Filesystem, parameters: IoBurnParameters): void {
  const { sizeBytes, freeBytes } = filesystem;
  if (sizeBytes === 0 || isInMemory(filesystem)) {
    throw new OrdealError('UNSUPPORTED', `no disk is behind ${parameters.directory}`, {
      remedy: 'Choose a directory of a filesystem that is on a disk; a tmpfs is not.',
    });
  }
  const takenBytes = takenBy(parameters);
  if (takenBytes > freeBytes / 2) {
    throw new OrdealError(
      'INVALID_INPUT',
      `${takenBytes} bytes are more than half of the ${freeBytes} that are free: the fault would be a full disk`,
      { remedy: 'Ask for fewer burners or a smaller size.' },
    );
  }
}

async function findBurners({ id }: Injection, memory: Memory): Promise<number[]> {
  return await processesIn(siteSchema.parse(memory), markOf(ioBurn.name, id));
}
