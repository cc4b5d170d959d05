import { z } from 'zod';
import { meanings, type Definition } from '../../campaign/definition.ts';
import { narrowMeasures } from '../../campaign/sequential/until.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';

const us = z.int().nonnegative();
const share = z.number().nonnegative();

const definitionSchema = z.object({
  version: z.literal(1),
  timeoutUs: us,
  unavailability: z.object({ windowUs: us, errorRate: share, limitsUs: z.array(us) }),
  slo: z.object({
    l50Us: us.exactOptional(),
    l90Us: us.exactOptional(),
    throughputPerS: share.exactOptional(),
    unavailabilityUs: us.exactOptional(),
  }),
  tolerance: z.object({ latency: share, throughput: share }),
  recoveryWithinUs: us,
  components: z.record(z.string(), z.string()),
  rules: z.array(
    z.object({
      name: z.string(),
      source: z.string(),
      pattern: z.string().refine(isRegularExpression, { error: 'must be a regular expression' }),
      means: z.enum(meanings),
      by: z.enum(['node', 'management']),
    }),
  ),
  bootstrapSeed: z.int(),
});

const faultSchema = z.object({
  name: z.string(),
  intensity: z.string().exactOptional(),
  cell: z.string(),
  mechanism: z.string(),
  rootCause: z.string(),
  weight: z.number(),
  element: z.string().exactOptional(),
  targets: z.array(z.object({ host: z.string(), kind: z.string(), name: z.string() })),
});

const uponSchema = z.object({ means: z.enum(meanings), withinUs: us });

const trialSchema = z.object({
  id: z.string(),
  repetition: z.int(),
  seed: z.int(),
  fault: faultSchema.exactOptional(),
  combination: z
    .object({
      name: z.string(),
      weight: z.number(),
      faults: z.array(
        z.object({ fault: faultSchema, atUs: us, durationUs: us, upon: uponSchema.exactOptional() }),
      ),
    })
    .exactOptional(),
  timeline: z.object({ beforeUs: us }),
});

const untilSchema = z.object({
  atLeast: z.int().positive(),
  narrow: z.array(
    z.object({ measure: z.enum(narrowMeasures), by: z.enum(['all', 'cell']), width: z.number() }),
  ),
});

const planSchema = z.object({
  name: z.string(),
  definition: definitionSchema,
  trials: z.array(trialSchema),
  until: untilSchema.exactOptional(),
});

/** The part of a campaign's plan that its measures need. */
export interface SavedPlan extends Pick<z.infer<typeof planSchema>, 'name' | 'trials' | 'until'> {
  readonly definition: Definition;
}

export function readPlan(plan: unknown, where: string): SavedPlan {
  const read = planSchema.safeParse(plan);
  if (read.success) return read.data;
  const why = z.prettifyError(read.error);
  throw new OrdealError(
    'DAMAGED_RUN',
    `${where}: the plan in campaign.started cannot be measured by: ${why}`,
  );
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
