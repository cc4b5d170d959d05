import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Log } from './log.ts';
import type { Position } from './segment.ts';
import { systemCode } from '../errors/system-code.ts';

const positionSchema = z.strictObject({ segment: z.int().nonnegative(), offset: z.int().nonnegative() });
const start: Position = { segment: 0, offset: 0 };

/** What a kill loses of the cursor's way is published twice, under the same ids: so it need not be saved at every step. */
const saveAfterMs = 200;

/** How far a spool is published, in a file beside it. */
export class Cursor {
  readonly #path: string;
  readonly #log: Log;
  #position: Position;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(directory: string, log: Log) {
    this.#path = join(directory, 'cursor.json');
    this.#log = log;
    this.#position = this.#load();
  }

  get position(): Position {
    return this.#position;
  }

  move(to: Position): void {
    this.#position = to;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.save();
    }, saveAfterMs).unref();
  }

  async save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      try {
        await writeFile(`${this.#path}.new`, JSON.stringify(this.#position), { mode: 0o600 });
        await rename(`${this.#path}.new`, this.#path);
      } catch (error) {
        const why = OrdealError.from(error).message;
        this.#log.error({ why }, 'how far the spool is published cannot be saved');
      }
    });
    await this.#saving;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.save();
  }

  #load(): Position {
    try {
      return positionSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      const isNew = systemCode(error) === 'ENOENT';
      if (!isNew)
        this.#log.warn({ path: this.#path }, 'unreadable; all that is in the spool is published again');
      return start;
    }
  }
}
