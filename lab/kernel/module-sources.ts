import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../cache/digest.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';

/** From sources or from dist/. */
const places = ['../..', '../../..'].map((up) => join(import.meta.dirname, up, 'injectors/kmod'));

const isSource = /(\.[ch]|\.sh|(^|\/)(Kbuild|Makefile))$/;
/** Written by a build in the folder itself. */
const isProduct = /(\.mod\.c|(^|\/)ordeal_features\.h)$/;

/** The sources of Ordeal's kernel modules, without what a build has left beside them. */
export class ModuleSources {
  readonly directory: string;
  readonly #files: readonly string[];

  private constructor(directory: string, files: readonly string[]) {
    this.directory = directory;
    this.#files = files;
  }

  static async find(): Promise<ModuleSources> {
    for (const directory of places) {
      if ((await stat(join(directory, 'Kbuild')).catch(() => undefined)) !== undefined) {
        return await ModuleSources.in(directory);
      }
    }
    throw new OrdealError('INTERNAL', `there is no folder injectors/kmod above ${import.meta.dirname}`);
  }

  static async in(directory: string): Promise<ModuleSources> {
    const entries = await readdir(directory, { recursive: true });
    const files = entries.filter((path) => isSource.test(path) && !isProduct.test(path)).sort();
    return new ModuleSources(directory, files);
  }

  /** Another one when a byte of a source, or its name, is another. */
  async digest(): Promise<string> {
    const texts = await Promise.all(
      this.#files.map(async (path) => [path, await readFile(join(this.directory, path), 'utf8')]),
    );
    return digest(texts.flat());
  }

  async copyTo(directory: string): Promise<void> {
    for (const path of this.#files) {
      await cp(join(this.directory, path), join(directory, path), { recursive: true });
    }
  }
}
