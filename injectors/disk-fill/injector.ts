import { freemem } from 'node:os';
import { monotonicUs } from '../../clock/monotonic.ts';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { Hog } from '../hog/hog.ts';
import { markOf, marksOn } from '../hog/mark.ts';
import { placeOnHost } from '../hog/place.ts';
import { endAll } from '../hog/removal.ts';
import { processesIn, withoutHogs } from '../hog/site.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import {
  captureDirectory,
  capturedDirectorySchema,
  inCapturedDirectory,
} from '../storage/captured-directory.ts';
import { filesystemOf, hasKnownSpace, isInMemory } from '../storage/filesystem.ts';
import { refuseSpared } from '../storage/spared.ts';
import type { Target } from '../target.ts';
import { diskFill, leftFree, type DiskFillParameters } from './descriptor.ts';
import { empty, fillerOf, heldBy } from './filler.ts';

const mebibyte = 1024 ** 2;

/** A filesystem in memory is filled with memory: the fault of one filesystem is not to become one of the host. */
const leftToHostBytes = 256 * mebibyte;

interface Filling {
  readonly hog: Hog;
  readonly askedBytes: number;
  readonly sinceUs: number;
}

/** The filler is of the host, not of the container: a container that a full disk has made restart finds the disk as full as before. */
export class DiskFillInjector implements Injector<DiskFillParameters> {
  readonly descriptor = diskFill;
  readonly #spared: readonly string[];
  readonly #filling = new Map<string, Filling>();

  /** The directories of Ordeal's own, whose filesystems are not to be filled. */
  constructor(spared: readonly string[]) {
    this.#spared = spared;
  }

  async supported(): Promise<Support> {
    const unsupported = await withoutHogs();
    if (unsupported !== undefined) return unsupported;
    try {
      await run('fallocate', ['--version']);
      return { supported: true };
    } catch (error) {
      return { supported: false, reason: OrdealError.from(error).message, remedy: 'Install util-linux.' };
    }
  }

  async capture({ target, parameters }: Injection<DiskFillParameters>): Promise<Memory> {
    return await captureDirectory(target, parameters.directory, async (path) => {
      await this.#takeable(path, parameters);
      return {};
    });
  }

  async apply(injection: Injection<DiskFillParameters>, memory: Memory): Promise<void> {
    if ((await findFillers(injection)).length > 0) return;
    const captured = capturedDirectorySchema.parse(memory);
    const { id, parameters, durationUs } = injection;
    await inCapturedDirectory(captured, parameters.directory, async (path) => {
      const askedBytes = await this.#takeable(path, parameters);
      const sinceUs = monotonicUs();
      const program = fillerOf(path, id, askedBytes, durationUs);
      const hog = await Hog.start(markOf(diskFill.name, id), await placeOnHost(), program);
      this.#filling.set(id, { hog, askedBytes, sinceUs });
    });
  }

  async revert(injection: Injection<DiskFillParameters>): Promise<Reverted> {
    const { id } = injection;
    const effects = await this.effects(injection);
    for (const pid of await findFillers(injection)) await empty(pid, id);
    const offUs = monotonicUs();
    await endAll(async () => await findFillers(injection));
    await this.#filling.get(id)?.hog.end();
    this.#filling.delete(id);
    return { ...effects, offUs };
  }

  async effects(injection: Injection<DiskFillParameters>): Promise<Effects> {
    const held = await heldFor(injection);
    // Whether it was never taken or is given back already cannot be told.
    if (held === undefined) return { count: 'unknown' };
    const count = Math.floor(held / mebibyte);
    const filling = this.#filling.get(injection.id);
    if (filling === undefined) return { count };
    const { askedBytes, sinceUs } = filling;
    return {
      count,
      ...(count === 0 ? {} : { firstUs: sinceUs, lastUs: monotonicUs() }),
      dose: { unit: 'bytes', asked: askedBytes, achieved: held },
    };
  }

  async verify(
    injection: Injection<DiskFillParameters>,
    _memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    if (expected === 'applied') {
      if (((await heldFor(injection)) ?? 0) > 0) return { holds: true };
      return { holds: false, found: 'no process holds the space any more' };
    }
    const left = await findFillers(injection);
    if (left.length === 0) return { holds: true };
    return { holds: false, found: `the space is held still, by the processes ${left.join(', ')}` };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    // Whatever is filled, the filler is a process of this host.
    return await marksOn(
      targets.slice(0, 1).map(({ host, bootId }) => ({ kind: 'host', host, bootId })),
      diskFill.name,
    );
  }

  /** So many bytes are to be taken of the filesystem at this path; refuses one that must not or cannot be filled. */
  async #takeable(path: string, parameters: DiskFillParameters): Promise<number> {
    const filesystem = await filesystemOf(path);
    await refuseSpared(filesystem, this.#spared);
    if (!hasKnownSpace(filesystem)) {
      throw new OrdealError('UNSUPPORTED', `what fills up with ${parameters.directory} cannot be told`, {
        remedy:
          'Choose a directory of a filesystem with a size: ext4, XFS, F2FS, FAT, btrfs, overlay or tmpfs.',
      });
    }
    const bytes = filesystem.freeBytes - leftFree(parameters, filesystem.sizeBytes);
    if (bytes <= 0) {
      throw new OrdealError(
        'INVALID_INPUT',
        `only ${filesystem.freeBytes} bytes are free: nothing would be taken`,
      );
    }
    if (isInMemory(filesystem) && freemem() < bytes + leftToHostBytes) {
      throw new OrdealError(
        'UNSUPPORTED',
        `that filesystem is in memory, and the host has ${freemem()} bytes free`,
        {
          remedy: 'Leave more of it free, or free memory on the host.',
        },
      );
    }
    return bytes;
  }
}

async function findFillers({ id }: Injection): Promise<number[]> {
  return await processesIn({ site: 'host' }, markOf(diskFill.name, id));
}

async function heldFor(injection: Injection): Promise<number | undefined> {
  const held: number[] = [];
  for (const pid of await findFillers(injection)) {
    const bytes = await heldBy(pid, injection.id);
    if (bytes !== undefined) held.push(bytes);
  }
  // Several processes may have the one file open, while it grows.
  return held.length === 0 ? undefined : Math.max(...held);
}
