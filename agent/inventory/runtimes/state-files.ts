import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { systemCode } from '../../../errors/system-code.ts';

/** What runtimes keep on disk of their containers. Nothing of it is ever written to, and no daemon is asked. */
export class StateFiles {
  readonly #roots: readonly string[];

  /**
   * As the host's init sees it, then as the agent does: one in a container of its own need have none of these places mounted where it sees that
   * process, and where it does not see it, has what is mounted.
   */
  constructor(roots: readonly string[] = ['/proc/1/root', '/']) {
    this.#roots = roots;
  }

  /** Undefined where it is not there, may not be read, or is not what is expected: then the container keeps the name that its id gives it. */
  async json<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
    const text = await this.text(path);
    if (text === undefined) return undefined;
    try {
      return schema.safeParse(JSON.parse(text)).data;
    } catch {
      // It was being written.
      return undefined;
    }
  }

  async text(path: string): Promise<string | undefined> {
    for (const root of this.#roots) {
      const text = await unlessHidden(readFile(join(root, path), 'utf8'));
      if (text !== undefined) return text;
    }
    return undefined;
  }

  async names(directory: string): Promise<string[]> {
    const found = new Set<string>();
    for (const root of this.#roots) {
      for (const name of (await unlessHidden(readdir(join(root, directory)))) ?? []) found.add(name);
    }
    return [...found];
  }
}

/** Not there, not to be seen from here, or gone meanwhile. */
const hidden = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ESRCH'];

async function unlessHidden<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hidden.includes(systemCode(error))) return undefined;
    throw error;
  }
}
