import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import type { LabFiles } from './lab-files.ts';

/** Disks of gigabytes that hold little; where a whole disk is written it takes a while. */
const copyWithinMs = 600_000;
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** What the disks of a lab held at one time, by name. Its machines are off, whenever anything here is called: that is for the caller to see to. */
export class Snapshots {
  readonly #files: LabFiles;

  constructor(files: LabFiles) {
    this.#files = files;
  }

  async names(): Promise<string[]> {
    try {
      // What begins with a dot was never finished.
      return (await readdir(this.#files.snapshots)).filter((name) => !name.startsWith('.')).sort();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  async take(name: string, machines: readonly string[]): Promise<void> {
    if (!nameForm.test(name)) {
      const allowed = 'letters, digits, dots, dashes and underscores, 63 at most';
      throw new OrdealError(
        'INVALID_INPUT',
        `"${name}" cannot be the name of a snapshot: it has to be ${allowed}`,
      );
    }
    if ((await this.names()).includes(name)) {
      throw new OrdealError(
        'ALREADY_EXISTS',
        `the lab ${this.#files.name} has a snapshot "${name}" already`,
        {
          remedy: 'Choose another name.',
        },
      );
    }
    const making = join(this.#files.snapshots, '.making');
    await rm(making, { recursive: true, force: true });
    await mkdir(making, { recursive: true });
    for (const machine of machines) await copyDisks(await this.#disksOf(machine), join(making, machine));
    await rename(making, join(this.#files.snapshots, name));
  }

  /** The machines are those that it was taken of. */
  async restore(name: string): Promise<string[]> {
    const names = await this.names();
    if (!names.includes(name)) {
      const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      throw new OrdealError('NOT_FOUND', `the lab ${this.#files.name} has no snapshot "${name}": ${there}`, {
        remedy: 'Name one of these; `ordeal lab snapshot <name>` takes one.',
      });
    }
    const machines = await readdir(join(this.#files.snapshots, name));
    for (const machine of machines) {
      const { directory } = this.#files.machine(machine);
      const restored = join(directory, '.restored');
      await rm(restored, { recursive: true, force: true });
      const kept = await readdir(join(this.#files.snapshots, name, machine));
      await copyDisks(
        kept.map((disk) => join(this.#files.snapshots, name, machine, disk)),
        restored,
      );
      for (const disk of kept) await rename(join(restored, disk), join(directory, disk));
      await rm(restored, { recursive: true });
    }
    return machines;
  }

  /** Those that are there: a machine that never was started has none. */
  async #disksOf(machine: string): Promise<string[]> {
    const disks = Object.values(this.#files.machine(machine).disks);
    const found = await Promise.all(disks.map(async (disk) => await stat(disk).catch(() => undefined)));
    return disks.filter((_, i) => found[i] !== undefined);
  }
}

async function copyDisks(disks: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const disk of disks) {
    // Holes stay holes; where the filesystem can, nothing is copied at all.
    const copy = ['--reflink=auto', '--sparse=always', disk, join(to, basename(disk))];
    await run('cp', copy, { timeoutMs: copyWithinMs });
  }
}
