import { constants } from 'node:fs';
import { mkdir, open, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import { parseStatus, type FaultStatus } from './status.ts';

/** What configfs takes in one write; what is longer it would take by half. */
const longestValue = 4_000;

/** One fault in the kernel: a directory whose files are its attributes. */
export class FaultDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** No harm where it is there already. */
  async make(): Promise<void> {
    try {
      await mkdir(this.path);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw this.#failed('could not be made', error);
    }
  }

  /** Of a value that is refused, the error says what the kernel says of it. */
  async write(
    attribute: string,
    value: string | number | bigint,
    code: ErrorCode = 'INVALID_INPUT',
  ): Promise<void> {
    const text = String(value);
    if (text.length > longestValue) {
      const found = `${attribute}: takes ${longestValue} characters, not ${text.length}`;
      throw new OrdealError(code, `the kernel refuses it: ${found}`);
    }
    try {
      // Never made where it is missing: the kernel has attributes, not files.
      const file = await open(join(this.path, attribute), constants.O_WRONLY | constants.O_TRUNC);
      try {
        // A line, as echo writes it: configfs takes no write of nothing.
        await file.write(`${text}\n`);
      } finally {
        await file.close();
      }
    } catch (error) {
      const said = await this.read('error').catch(() => '');
      const missing = systemCode(error) === 'ENOENT' ? `${attribute}: this module has no such attribute` : '';
      throw new OrdealError(code, `the kernel refuses it: ${said || missing || String(error)}`, {
        cause: error,
      });
    }
  }

  async read(attribute: string): Promise<string> {
    return (await readFile(join(this.path, attribute), 'utf8')).trim();
  }

  /** Undefined where there is no such fault. */
  async status(): Promise<FaultStatus | undefined> {
    try {
      return parseStatus(await this.read('status'));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async arm(): Promise<void> {
    await this.write('arm', 1, 'APPLY_FAILED');
  }

  /** When it resolves, nothing of the fault is hooked or held, whatever it was before. */
  async disarm(): Promise<void> {
    await this.write('arm', 0, 'REVERT_FAILED');
  }

  /** No harm where it is gone. */
  async remove(): Promise<void> {
    try {
      await rmdir(this.path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw this.#failed('could not be removed', error);
    }
  }

  #failed(what: string, cause: unknown): OrdealError {
    return new OrdealError('INTERNAL', `${this.path} ${what}: ${String(cause)}`, { cause });
  }
}
