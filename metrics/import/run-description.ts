import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Definition } from '../../campaign/definition.ts';
import { examine, refusalOf } from '../../campaign/examine.ts';
import { cell } from '../../campaign/fault-schema.ts';
import { issuesOf, type Issue } from '../../campaign/issue.ts';
import { rootCauseOf } from '../../campaign/root-cause.ts';
import { campaignSchema } from '../../campaign/schema.ts';
import { duration, durationOrNone, largestSeed, name, wholeNumber } from '../../campaign/values.ts';
import type { FaultInPlan } from '../measures/attempt.ts';

const text = z
  .string({ error: 'must be a text' })
  .min(1, 'must not be empty')
  .max(1000, 'must hold 1000 characters at most');

const targetForm = 'must be a host, or host/kind/name, such as "host-1" or "host-1/container/web"';
const target = z
  .string({ error: targetForm })
  .regex(/^[a-z0-9][a-z0-9-]{0,62}(\/[a-z-]+\/\S+)?$/, targetForm)
  .transform((given) => {
    const [host = '', kind = 'host', ...rest] = given.split('/');
    return { host, kind, name: rest.length === 0 ? host : rest.join('/') };
  });

const fault = z.strictObject({
  name,
  cell,
  mechanism: text,
  targets: z.array(target, { error: 'must be a list of targets' }).min(1, 'must name a target'),
  rootCause: z.enum(['hw', 'sw', 'op']).optional(),
  weight: z.number({ error: 'must be a number, 0 or more' }).min(0, 'must be 0 or more').prefault(1),
  oneShot: z.boolean({ error: 'must be true or false' }).prefault(false),
  intensity: z.record(text, z.union([z.string(), z.number(), z.boolean()])).prefault({}),
});

const trialForm = 'must be an id such as t001: lower case letters, digits and dashes';
const trial = z.strictObject({
  id: z.string({ error: trialForm }).regex(/^[a-z0-9][a-z0-9-]{0,29}$/, trialForm),
  repetition: wholeNumber(1, 1000).prefault(1),
  fault: fault.optional(),
});

const { slo, measures, components, rules } = campaignSchema.shape;

const descriptionSchema = z.strictObject({
  version: z.literal(1, { error: 'must be 1, the version of this format' }),
  name,
  seed: wholeNumber(0, largestSeed).prefault(0),
  requests: text,
  events: text,
  timeout: duration,
  clockError: durationOrNone,
  load: z.record(text, text).prefault({}),
  watches: z.array(name, { error: 'must be a list of names' }).prefault([]),
  trials: z
    .array(trial, { error: 'must be a list of trials' })
    .min(1, 'must hold a trial')
    .max(20_000, 'must hold 20000 trials at most'),
  slo,
  measures,
  components,
  rules,
});

/** What a run of somebody else was: its files, its trials, and how it is to be measured. */
export interface RunDescription {
  readonly name: string;
  /** The description itself, which the saved run keeps in the place of a campaign file. */
  readonly text: string;
  readonly requestsFile: string;
  readonly eventsFile: string;
  readonly clockErrorUs: number;
  readonly load: Readonly<Record<string, string>>;
  readonly watches: readonly string[];
  readonly trials: readonly DescribedTrial[];
  readonly definition: Definition;
}

export interface DescribedTrial {
  readonly id: string;
  readonly repetition: number;
  readonly fault?: FaultInPlan & { readonly oneShot: boolean; readonly parameters: unknown };
}

/** Throws INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function readRunDescription(content: Uint8Array, fileName: string): RunDescription {
  const examined = examine(content, 'description of a run', (value) => {
    const parsed = descriptionSchema.safeParse(value);
    if (!parsed.success) return { issues: issuesOf(parsed.error.issues, value, [], descriptionSchema) };
    const issues = issuesAmong(parsed.data);
    return issues.length > 0 ? { issues } : { value: parsed.data };
  });
  if (!('value' in examined)) throw refusalOf(examined.problems, fileName);
  const { value } = examined;
  const { unavailability, limits, tolerance, recovery } = value.measures;
  const beside = (path: string): string => resolve(dirname(fileName), path);
  return {
    name: value.name,
    text: Buffer.from(content).toString('utf8'),
    requestsFile: beside(value.requests),
    eventsFile: beside(value.events),
    clockErrorUs: value.clockError,
    load: value.load,
    watches: value.watches,
    trials: value.trials.map(trialOf),
    definition: {
      version: 1,
      timeoutUs: value.timeout,
      unavailability: { ...unavailability, limitsUs: limits },
      slo: value.slo,
      tolerance,
      recoveryWithinUs: recovery.within,
      components: value.components,
      rules: value.rules,
      bootstrapSeed: value.seed,
    },
  };
}

function trialOf({ id, repetition, fault: given }: z.output<typeof trial>): DescribedTrial {
  if (given === undefined) return { id, repetition };
  const { intensity, rootCause, ...rest } = given;
  return {
    id,
    repetition,
    fault: { ...rest, rootCause: rootCause ?? rootCauseOf(given.cell), parameters: intensity },
  };
}

/** What two places of the description say of each other. */
function issuesAmong({ trials, rules: given, watches }: z.output<typeof descriptionSchema>): Issue[] {
  const ids = trials.map(({ id }) => id);
  return [
    ...ids.flatMap((id, index): Issue[] =>
      ids.indexOf(id) === index
        ? []
        : [{ path: ['trials', index, 'id'], message: `is ${id}, as one before it; each trial has its own` }],
    ),
    ...given.flatMap(({ source }, index): Issue[] =>
      watches.includes(source)
        ? []
        : [
            {
              path: ['rules', index, 'source'],
              message: `is "${source}"; it must be one of the watches: ${watches.join(', ') || 'there is none'}`,
            },
          ],
    ),
  ];
}
