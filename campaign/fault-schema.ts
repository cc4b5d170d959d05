import { z } from 'zod';
import { cells, isCellId } from '../injectors/cell.ts';
import { descriptors } from '../injectors/catalogue.ts';
import type { Mode } from '../injectors/mode.ts';
import { onRestarts } from '../injectors/target.ts';
import { nearest } from '../errors/nearest.ts';
import { byKernelModule } from './mechanism.ts';
import { target } from './target-schema.ts';
import { duration, name, share, wholeNumber } from './values.ts';

const mechanismNames = [byKernelModule, ...descriptors.map((descriptor) => descriptor.name)];

export const cell = z
  .string({ error: 'must be a cell of the fault model, such as virtual.cpu.unavailability' })
  .refine(isCellId, {
    error: ({ input }) =>
      `must be a cell of the fault model${meant(input, cells)} (\`ordeal faults\` lists all 24)`,
  });

export const mechanism = z
  .string({ error: `must be the name of a mechanism: ${mechanismNames.join(', ')}` })
  .refine((text) => mechanismNames.includes(text), {
    error: ({ input }) =>
      `must be the name of a mechanism${meant(input, mechanismNames)} (there are ${mechanismNames.join(', ')})`,
  });

const burst = z
  .strictObject({
    on: duration.describe('how long it touches transfers'),
    off: duration.describe('how long not'),
  })
  .transform((given): Mode => ({ kind: 'burst', onUs: given.on, offUs: given.off }));

const choices = z
  .strictObject({
    share: share
      .transform((value): Mode => ({ kind: 'probabilistic', share: value }))
      .optional()
      .describe('each transfer with this probability, from 0% (arms, touches nothing) to 100%'),
    oneIn: wholeNumber(1, 2 ** 32 - 1)
      .transform((n): Mode => ({ kind: 'oneIn', n }))
      .optional()
      .describe('one transfer in so many'),
    burst: burst.optional().describe('every transfer for a while, then none for a while, over and over'),
  })
  .transform((given, context): Mode => {
    const [only, ...more] = [given.share, given.oneIn, given.burst].filter((mode) => mode !== undefined);
    if (only !== undefined && more.length === 0) return only;
    context.addIssue({ code: 'custom', message: 'must hold exactly one of share, oneIn and burst' });
    return z.NEVER;
  });

export const mode = z
  .union([z.literal('permanent').transform((): Mode => ({ kind: 'permanent' })), choices], {
    error: 'must be permanent, { share: 30% }, { oneIn: 10 } or { burst: { on: 200ms, off: 800ms } }',
  })
  .describe('when, between its start and its end, the fault touches a transfer; default: permanent');

/** Checked by the schema of the mechanism, which is known only when the cell is. */
const parameters = z.record(z.string(), z.unknown(), {
  error: "must be a mapping: the mechanism's parameters by name",
});

const intensities = z
  .array(
    z.strictObject({
      name: name.describe('what the results call it; unique in the fault'),
      intensity: parameters.optional().describe("in place of the fault's own"),
      mode: mode.optional(),
    }),
    { error: 'must be a list of intensities: { name: .., intensity: { .. } } each' },
  )
  .min(1, 'must hold at least one intensity')
  .max(100, 'must hold 100 intensities at most');

export const fault = z.strictObject({
  name: name.describe('what the results call it; unique in the faultload'),
  cell: cell.describe('the cell of the fault model: layer.domain.type'),
  mechanism: mechanism
    .optional()
    .describe('needed only where another than the first of the cell is meant, or a substitute'),
  target: target.describe('where the fault goes'),
  intensity: parameters.default({}).describe("the mechanism's parameters (`ordeal faults` describes them)"),
  intensities: intensities
    .optional()
    .describe('several of them, each in trials of its own: parameters, a mode, or both, by a name'),
  mode: mode.prefault('permanent'),
  onRestart: z
    .enum(onRestarts, { error: 'must be end or follow' })
    .default('end')
    .describe(
      'what becomes of it when its container is started anew, or goes, before it is over: it ends with it, or follows to the one that takes its place; default: end',
    ),
  during: duration.optional().describe("how long the fault lasts, in place of the timeline's during"),
  rootCause: z
    .enum(['hw', 'sw', 'op'], { error: 'must be hw (hardware), sw (software) or op (operator)' })
    .optional()
    .describe('what would cause it in the field; default: the first that the fault model names for the cell'),
  weight: z
    .number({ error: 'must be a number from 0' })
    .min(0, 'must be a number from 0')
    .default(1)
    .describe('how much it counts in weighted measures'),
  likelihood: share
    .optional()
    .describe('the chance that it comes by itself, in whatever time all of them are told for; read by prune'),
});

function meant(input: unknown, allowed: readonly string[]): string {
  const near = typeof input === 'string' ? nearest(input, allowed) : undefined;
  return near === undefined ? '' : `; did you mean ${near}?`;
}
