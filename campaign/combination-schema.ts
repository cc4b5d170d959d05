import { z } from 'zod';
import { meanings } from './definition.ts';
import { duration, durationOrNone, name } from './values.ts';

const member = z.strictObject({
  fault: name.describe('the name of a fault of the faultload'),
  intensity: name.optional().describe('which of its intensities; needed where the fault lists several'),
  at: durationOrNone
    .prefault('0s')
    .describe(
      'when it begins, from the beginning of the first of them, or from what it waits for on; default: 0s',
    ),
  upon: z
    .enum(meanings, { error: `must be ${meanings.join(', ')}` })
    .optional()
    .describe('what the infrastructure has to notice, after the first of them has begun, for it to begin'),
  within: duration
    .optional()
    .describe(
      'how long that is waited for, from the beginning of the first of them on; later it does not begin',
    ),
  during: duration.optional().describe('how long it lasts; default: as long as the fault does by itself'),
});

/** Several faults in one trial. */
export const combination = z.strictObject({
  name: name.describe('what the results call it; unique among faults and combinations'),
  faults: z
    .array(member, { error: 'must be a list of faults: { fault: .., at: .. } each' })
    .min(2, 'must hold at least two faults; one by itself belongs into the faultload')
    .max(20, 'must hold 20 faults at most')
    .describe('the faults, overlapping or one after the other'),
  weight: z
    .number({ error: 'must be a number from 0' })
    .min(0, 'must be a number from 0')
    .default(1)
    .describe('how much it counts in weighted measures'),
});
