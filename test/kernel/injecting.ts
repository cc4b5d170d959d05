import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { unpackedArchive } from '../../lab/delivery/archive.ts';
import { Lab } from '../../lab/lab.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

/** A fault that is brought and taken away on the machine, and the command by which it is looked at before, during and after. */
interface Step {
  readonly mechanism: string;
  readonly kind: 'disk' | 'nic' | 'container';
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly look: string;
  /** Run while the fault is active; what comes behind it is done by a set of injectors that knows the journal only. */
  readonly midway?: string;
}

const verification = z.object({ holds: z.boolean(), found: z.string().optional() });
const toldSchema = z.object({
  claim: z.string(),
  error: z.string().optional(),
  before: z.string().default(''),
  during: z.string().default(''),
  after: z.string().default(''),
  handles: z.number().default(-1),
  left: z.number().default(-1),
  applied: verification.optional(),
  clean: verification.optional(),
  reverted: z
    .object({ count: z.union([z.number(), z.literal('unknown')]), remark: z.string().optional() })
    .optional(),
});

/** What was seen of a step, or why it was refused. */
export type Told = z.infer<typeof toldSchema>;

/** Runs the steps on a machine of its own, by the injectors as they are built in dist/, and removes it. */
export async function tellOf(
  steps: Readonly<Record<string, Step>>,
  furniture: string,
  extraPackages: readonly string[] = [],
): Promise<ReadonlyMap<string, Told>> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernel-'));
  const lab = new Lab(new LabFiles('injecting', join(directory, 'lab')));
  const progress = (line: string): void => void process.stderr.write(`# ${line}\n`);
  try {
    const archive = await unpackedArchive(progress);
    // The archive is wanted, not the agent in it: without a certificate that one only tries, and it is stopped.
    const agent = { archive, controller: '10.0.2.2:1', nats: '10.0.2.2:1', certificates: {} };
    await lab.up({
      hosts: 1,
      kernel: kernelUnderTest(),
      accelerator: 'auto',
      extraPackages,
      endsWithItsStarter: true,
      agentOf: async () => await Promise.resolve(agent),
      progress,
    });
    const machine = await lab.machine('nfvi-1');
    await machine.demand(`systemctl stop ordeal-agent; set -e; ${furniture}`);
    const program = '/root/injecting.mjs';
    await machine.writeFile(program, await readFile(join(import.meta.dirname, 'guest/injecting.js')));
    const input = JSON.stringify(Object.entries(steps).map(([claim, step]) => ({ claim, ...step })));
    const timeoutMs = 120_000;
    const said = await machine.demand(['/opt/ordeal/runtime/node', program], { input, timeoutMs });
    progress(said.trim());
    const all = said
      .trim()
      .split('\n')
      .map((line) => toldSchema.parse(JSON.parse(line)));
    return new Map(all.map((told) => [told.claim, told]));
  } finally {
    await lab.destroy().catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
  }
}

/** A step that was applied, found, reverted, and left nothing. */
export function whole(told: ReadonlyMap<string, Told>, claim: string): Told {
  const one = told.get(claim);
  assert.ok(one, claim);
  assert.equal(one.error, undefined);
  assert.deepEqual(one.applied, { holds: true });
  assert.deepEqual(one.clean, { holds: true });
  assert.equal(one.left, 0);
  return one;
}

export function counted({ reverted }: Told): number {
  const { count } = reverted ?? { count: 'unknown' };
  assert.notEqual(count, 'unknown');
  return Number(count);
}
