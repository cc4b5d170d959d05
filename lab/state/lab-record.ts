import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import { kernelNames } from '../kernel/kernel-name.ts';
import type { LabFiles } from './lab-files.ts';

/** So many have an account with the nats-server of each `ordeal up`; their memory runs out long before. */
export const mostHosts = 16;

const recordSchema = z.strictObject({
  kernel: z.enum(kernelNames),
  /** Called nfvi-1 and so on. */
  hosts: z.int().min(1).max(mostHosts),
  accelerator: z.enum(['kvm', 'tcg']),
  boots: z.strictObject({
    release: z.string(),
    vmlinuz: z.string(),
    initrd: z.string(),
    root: z.string(),
    rootFormat: z.literal('raw'),
    modules: z.string(),
  }),
});

/** What a lab is made of, as its last `up` has it. */
export type LabRecord = z.infer<typeof recordSchema>;

/** Undefined where no such lab was ever up, or it was destroyed. */
export async function readLabRecord(files: LabFiles): Promise<LabRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(files.record, 'utf8')));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw new OrdealError('INVALID_INPUT', `${files.record} is damaged: it is not what Ordeal wrote`, {
      cause,
      remedy: 'Destroy the lab with `ordeal lab destroy` and make it anew.',
    });
  }
}

export async function writeLabRecord(files: LabFiles, record: LabRecord): Promise<void> {
  await writeFile(`${files.record}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(`${files.record}.new`, files.record);
}

export function hostNames(hosts: number): string[] {
  return Array.from({ length: hosts }, (_, i) => `nfvi-${i + 1}`);
}
