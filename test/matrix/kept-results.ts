import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** The last results that were kept, as JSON and as a document beside it. */
export class KeptResults<Results> {
  readonly #path: string;
  readonly #schema: z.ZodType<Results>;
  readonly #document: (results: Results) => string;

  constructor(path: string, schema: z.ZodType<Results>, document: (results: Results) => string) {
    this.#path = path;
    this.#schema = schema;
    this.#document = document;
  }

  /** Read, changed and written again at once: the results of many files come while others still run. */
  async change(change: (results: Results) => Results): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}');
    const results = change(this.#schema.parse(JSON.parse(text)));
    await mkdir(dirname(this.#path), { recursive: true });
    await writeFile(this.#path, `${JSON.stringify(results, undefined, 2)}\n`);
    await writeFile(this.#path.replace(/json$/, 'md'), this.#document(results));
  }
}
