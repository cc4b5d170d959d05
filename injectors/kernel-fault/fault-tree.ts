import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../errors/system-code.ts';
import { parseClocks, type Clocks } from './clocks.ts';
import { FaultDirectory } from './fault-directory.ts';

/** A kind of fault: a module of its own, and a directory of its own in the tree. */
export type FaultKind = 'net' | 'storage' | 'cpu' | 'memory';

/** Where the modules show themselves, once they are loaded and configfs is mounted. */
export const treePath = '/sys/kernel/config/ordeal';

/** All faults that there are in this kernel. */
export class FaultTree {
  readonly #path: string;

  constructor(path = treePath) {
    this.#path = path;
  }

  async isThere(): Promise<boolean> {
    return await stat(this.#path).then(
      () => true,
      () => false,
    );
  }

  /** Of the modules that are loaded. */
  async version(): Promise<string> {
    return (await readFile(join(this.#path, 'version'), 'utf8')).trim();
  }

  async clocks(): Promise<Clocks> {
    return parseClocks(await readFile(join(this.#path, 'clocks'), 'utf8'));
  }

  fault(kind: FaultKind, name: string): FaultDirectory {
    return new FaultDirectory(join(this.#path, kind, name));
  }

  /** The names of the faults of a kind; none where its module is not loaded. */
  async names(kind: FaultKind): Promise<string[]> {
    try {
      const entries = await readdir(join(this.#path, kind), { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }
}
