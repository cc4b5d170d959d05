import { z } from 'zod';
import { duration, ratePerS, share, wholeNumber } from '../values.ts';
import { narrowMeasures, type Narrow, type NarrowMeasure, type Until } from './until.ts';

/** Of fewer trials a bootstrap interval of a median is too narrow: it knows nothing beyond the values that it has. */
const defaultAtLeast = 5;

const widths: Readonly<Record<NarrowMeasure, z.ZodType<number>>> = {
  l50: duration,
  l90: duration,
  unavailability: duration,
  throughput: ratePerS,
  detection: share,
  recovery: share,
};

const narrow = z
  .strictObject({
    measure: z
      .enum(narrowMeasures, { error: `must be ${narrowMeasures.join(', ')}` })
      .describe('the median of a measure of the service, or the coverage of detection or recovery'),
    by: z
      .enum(['all', 'cell'], { error: 'must be all or cell' })
      .default('cell')
      .describe('of which groups; default: cell'),
    within: z
      .string({ error: 'must be a duration, a rate or a share, as the measure is' })
      .describe('how wide its 95% interval may be, from end to end: such as 10ms, 5/s or 20%'),
  })
  .transform(({ measure, by, within }, context): Narrow => {
    const read = widths[measure].safeParse(within);
    if (read.success) return { measure, by, width: read.data };
    context.addIssue({ code: 'custom', path: ['within'], message: read.error.issues[0]?.message ?? '' });
    return z.NEVER;
  });

export const until = z
  .strictObject({
    narrow: z
      .array(narrow, { error: 'must be a list of intervals: { measure: .., within: .. } each' })
      .max(20, 'must hold 20 intervals at most')
      .prefault([])
      .describe('intervals that have to be as narrow as this, all of them'),
    time: duration.optional().describe('no block begins when the campaign has taken so long'),
    atLeast: wholeNumber(2, 1000)
      .default(defaultAtLeast)
      .describe(`so many repetitions are run in any case; default: ${defaultAtLeast}`),
  })
  .refine((given) => given.narrow.length > 0 || given.time !== undefined, 'must hold narrow, time or both')
  .transform(({ narrow: all, time, atLeast }): Until => ({
    narrow: all,
    ...(time === undefined ? {} : { timeUs: time }),
    atLeast,
  }));
