import { z } from 'zod';
import { nameSchema } from '../events/name.ts';
import type { Scope } from '../events/reporter.ts';
import type { Injection, Memory } from '../injectors/injector.ts';
import type { Target } from '../injectors/target.ts';
import type { EarlierParts } from './earlier-parts.ts';

const onHost = { host: z.string(), bootId: z.string() };

const targetSchema: z.ZodType<Target> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('host'), ...onHost }),
  z.strictObject({ kind: z.literal('nic'), ...onHost, name: z.string(), netns: z.int(), ifindex: z.int() }),
  z.strictObject({
    kind: z.literal('container'),
    ...onHost,
    name: z.string(),
    cgroup: z.string(),
    cgroupId: z.int(),
    netns: z.int().exactOptional(),
    init: z.strictObject({ pid: z.int(), startTicks: z.int() }).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('disk'),
    ...onHost,
    name: z.string(),
    identity: z.string(),
    number: z.string(),
    scsi: z.string().exactOptional(),
  }),
  z.discriminatedUnion('metFrom', [
    z.strictObject({
      kind: z.literal('vm'),
      metFrom: z.literal('within'),
      ...onHost,
      name: z.string(),
      netns: z.int(),
    }),
    z.strictObject({
      kind: z.literal('vm'),
      metFrom: z.literal('outside'),
      ...onHost,
      name: z.string(),
      pid: z.int(),
      startTicks: z.int(),
      uuid: z.string().exactOptional(),
      cgroup: z.string().exactOptional(),
      cgroupId: z.int().exactOptional(),
    }),
  ]),
]);

const modeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('permanent') }),
  z.strictObject({ kind: z.literal('probabilistic'), share: z.number() }),
  z.strictObject({ kind: z.literal('oneIn'), n: z.int() }),
  z.strictObject({ kind: z.literal('burst'), onUs: z.int(), offUs: z.int() }),
]);

const earlierSchema: z.ZodType<EarlierParts> = z.strictObject({
  instances: z.int().positive(),
  effects: z.strictObject({
    count: z.union([z.int().nonnegative(), z.literal('unknown')]),
    firstUs: z.int().exactOptional(),
    lastUs: z.int().exactOptional(),
    remark: z.string().exactOptional(),
  }),
});

/** A file of another version is not guessed at: it is residue, and a person looks at it. */
const version = 1;

const entrySchema = z.strictObject({
  version: z.literal(version),
  mechanism: z.string(),
  scope: z.union([
    z.strictObject({}),
    z.strictObject({ campaign: nameSchema }),
    z.strictObject({ campaign: nameSchema, trial: nameSchema, attempt: z.int().positive() }),
  ]),
  injection: z.strictObject({
    id: nameSchema,
    target: targetSchema,
    parameters: z.json(),
    mode: modeSchema,
    seed: z.int(),
    durationUs: z.int().positive(),
  }),
  memory: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  earlier: earlierSchema.exactOptional(),
  crash: z.strictObject({ monoUs: z.int(), wallUs: z.int() }).exactOptional(),
});

/** All that is needed to undo one injection, by whoever finds it. */
export interface JournalEntry {
  readonly mechanism: string;
  readonly scope: Scope;
  readonly injection: Injection;
  readonly memory: Memory;
  /** Of a fault that has followed its target: what it did to the instances before this one. */
  readonly earlier?: EarlierParts;
  /** When the kernel is to crash this host, in the clocks of the boot of its target; absent until that is certain, and of all other faults. */
  readonly crash?: { readonly monoUs: number; readonly wallUs: number };
}

export function formatEntry(entry: JournalEntry): string {
  return JSON.stringify({ version, ...entry }, undefined, 2);
}

/** Throws on anything but a whole entry. */
export function parseEntry(text: string): JournalEntry {
  const { mechanism, scope, injection, memory, earlier, crash } = entrySchema.parse(JSON.parse(text));
  return {
    ...{ mechanism, scope, injection, memory },
    ...(earlier === undefined ? {} : { earlier }),
    ...(crash === undefined ? {} : { crash }),
  };
}
