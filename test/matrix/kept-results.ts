import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { fileResultSchema, type FileResult } from './file-result.ts';
import { resultsDocument } from './results-document.ts';

const resultsSchema = z.partialRecord(
  z.enum(kernelNames),
  z.object({ release: z.string(), files: z.record(z.string(), fileResultSchema) }),
);

export type KernelResults = z.infer<typeof resultsSchema>;

/** The last results that were kept, as JSON and as a document beside it. */
export class KeptResults {
  readonly #path: string;
  readonly #files: readonly string[];

  /** Of files that are not there any more, nothing is kept. */
  constructor(path: string, files: readonly string[]) {
    this.#path = path;
    this.#files = files;
  }

  /** Read, changed and written again at once: the results of many files come while others still run. */
  async keep(kernel: KernelName, release: string, file: string, result: FileResult): Promise<void> {
    const results = await this.#read();
    const all = { ...results[kernel]?.files, [file]: result };
    const known = Object.entries(all).filter(([name]) => this.#files.includes(name));
    results[kernel] = { release, files: Object.fromEntries(known.sort()) };
    await mkdir(dirname(this.#path), { recursive: true });
    await writeFile(this.#path, `${JSON.stringify(results, undefined, 2)}\n`);
    await writeFile(this.#path.replace(/json$/, 'md'), resultsDocument(results, this.#files));
  }

  async #read(): Promise<KernelResults> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}');
    return resultsSchema.parse(JSON.parse(text));
  }
}
