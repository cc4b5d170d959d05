import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import { systemCode } from '../errors/system-code.ts';
import { processIdentitySchema } from '../procfs/identity.ts';
import { systemSchema } from './layout.ts';

const recordSchema = z.object({
  system: systemSchema,
  /** False when the directory was there before, so that it is not ours to remove. */
  madeStateDirectory: z.boolean(),
  front: processIdentitySchema.optional(),
  /** By the name of the host. */
  supervisors: z.record(z.string(), processIdentitySchema),
});

/** What `up` has made or was about to make, written before the act, so that `down` knows it after a crash. */
export type EmbeddedRecord = z.infer<typeof recordSchema>;

export function recordFile(stateDirectory: string): string {
  return join(stateDirectory, 'embedded.json');
}

/** Undefined when there is none. */
export async function readRecord(stateDirectory: string): Promise<EmbeddedRecord | undefined> {
  const path = recordFile(stateDirectory);
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw OrdealError.from(error);
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new OrdealError('INVALID_INPUT', `${path} is damaged: it is not what Ordeal wrote`, {
      cause: error,
      remedy:
        'Take the embedded target down, which finds everything of it by its name, and bring it up again.',
    });
  }
}

export async function writeRecord(record: EmbeddedRecord): Promise<void> {
  const path = recordFile(record.system.stateDirectory);
  // A crash in the middle of writing leaves the old record, not half of the new one.
  await writeFile(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
