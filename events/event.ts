import { z } from 'zod';
import { eventBodies } from './kinds.ts';
import { nameSchema } from './name.ts';

const count = z.int().nonnegative();

/**
 * Who said it, and as which of its utterances. `seq` counts, from 0 and without gaps, the events and sample batches of one incarnation
 * of one producer for one attempt at one trial (or for none), so that a reader can tell what is missing.
 */
export const identitySchema = z.strictObject({
  producer: nameSchema,
  incarnation: z.string().regex(/^[0-9a-f]{8}$/),
  seq: count,
  campaign: nameSchema.optional(),
  trial: nameSchema.optional(),
  attempt: z.int().positive().optional(),
});

export type Identity = z.infer<typeof identitySchema>;

/** Unique in the world; two messages with the same one are the same message. */
export function idOf(identity: Identity): string {
  const scope = [identity.campaign ?? '', identity.trial ?? '', identity.attempt ?? ''].join('/');
  return `${scope}/${identity.producer}/${identity.incarnation}/${identity.seq}`;
}

/** A host, and which boot of it: each has a monotonic clock of its own. Runs saved by earlier versions do not say the boot. */
export const originSchema = z.strictObject({
  host: nameSchema,
  boot: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .optional(),
});

export type Origin = z.infer<typeof originSchema>;

const envelope = z.strictObject({
  ...identitySchema.shape,
  ...originSchema.shape,
  /** The host's wall clock and its monotonic clock, at the instant that the event tells of. */
  wallUs: count,
  monoUs: count,
});

export const eventSchema = z.strictObject({
  ...envelope.shape,
  body: z.discriminatedUnion('kind', eventBodies),
});

export type EventBody = z.infer<(typeof eventBodies)[number]>;
export type EventKind = EventBody['kind'];
export type Event<Kind extends EventKind = EventKind> = z.infer<typeof envelope> & {
  body: Extract<EventBody, { kind: Kind }>;
};

export function isKind<Kind extends EventKind>(event: Event, kind: Kind): event is Event<Kind> {
  return event.body.kind === kind;
}
