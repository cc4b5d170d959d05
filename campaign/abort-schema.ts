import { z } from 'zod';
import type { AbortConditions } from './abort-condition.ts';
import { duration, name, wholeNumber } from './values.ts';

const budget = z
  .strictObject({
    fail: wholeNumber(0, 20_000).optional().describe('so many trials may miss the SLO'),
    unknown: wholeNumber(0, 20_000).optional().describe('so many trials may be without a verdict'),
  })
  .transform(({ fail, unknown }) => ({
    ...(fail === undefined ? {} : { fail }),
    ...(unknown === undefined ? {} : { unknown }),
  }));

const hosts = z.strictObject({
  atLeast: wholeNumber(1, 1000).describe(
    'so many hosts of the campaign are connected, and not in quarantine',
  ),
  within: duration.prefault('30s').describe('fewer for longer than this are too few; default: 30s'),
});

export const abort = z
  .strictObject({
    canary: z
      .array(name, { error: 'must be a list of names of faults or combinations, or golden-runs' })
      .max(100, 'must hold 100 names at most')
      .prefault([])
      .describe('faults, combinations or golden-runs: one trial of these that misses the SLO is enough'),
    budget: budget.prefault({}).describe('how many trials may go wrong'),
    hosts: hosts.optional().describe('how many hosts have to be there'),
  })
  .transform(({ hosts: there, ...given }): AbortConditions => ({
    ...given,
    ...(there === undefined ? {} : { hosts: { atLeast: there.atLeast, withinUs: there.within } }),
  }));
