import { z } from 'zod';
import { durationForm, parseDurationUs } from '../clock/duration.ts';

/** Beyond a day nothing in a campaign is meant: a slip of the unit. */
const longestUs = 24 * 3_600_000_000;
export const largestSeed = 2 ** 32 - 1;

const durationPattern = /^\d+(\.\d+)?(us|ms|s|m|h)$/;

/** A duration with its unit, in microseconds. */
export const duration = durationFrom(1, 'above 0');
export const durationOrNone = durationFrom(0, '0s or more');

/** A share between 0% and 100%, as a number from 0 to 1. */
export const share = z
  .string({ error: 'must be a share with its percent sign, such as "30%"' })
  .regex(/^\d+(\.\d+)?%$/, 'must be a share with its percent sign, such as "30%"')
  .refine((text) => Number.parseFloat(text) <= 100, 'must be from 0% to 100%')
  .transform((text) => Number.parseFloat(text) / 100);

const rateForm = 'must be a rate above 0 with its unit, such as "190/s" or "30/m"';
export const ratePerS = z
  .string({ error: rateForm })
  .regex(/^\d+(\.\d+)?\/(s|m)$/, rateForm)
  .refine((text) => Number.parseFloat(text) > 0, rateForm)
  .transform((text) => Number.parseFloat(text) / (text.endsWith('/m') ? 60 : 1));

/** With the time and a random part behind it, it has to fit into the 63 characters of an id. */
const nameForm =
  'must be lower case letters, digits and dashes, beginning with a letter or digit, 30 at most';
export const name = z.string({ error: nameForm }).regex(/^[a-z0-9][a-z0-9-]{0,29}$/, nameForm);

const hostForm =
  'must be the name of a host or a pattern of names: lower case letters, digits, dashes and * for any characters';
export const hostPattern = z.string({ error: hostForm }).regex(/^[a-z0-9*][a-z0-9*-]{0,62}$/, hostForm);

const resourceForm = 'must be a name without spaces, or a pattern with * for any characters';
export const resourcePattern = z.string({ error: resourceForm }).regex(/^[!-~]{1,200}$/, resourceForm);

export function wholeNumber(least: number, most: number) {
  const form = `must be a whole number from ${least} to ${most}`;
  return z.int({ error: form }).min(least, form).max(most, form);
}

function durationFrom(leastUs: number, bounds: string) {
  const form = `must be a duration: ${durationForm}`;
  return z
    .string({
      error: ({ input }) =>
        typeof input === 'number' ? `has no unit: it ${form}, for instance "${input}s"` : form,
    })
    .regex(durationPattern, form)
    .refine((text) => {
      const us = parseDurationUs(text);
      return us === undefined || (us >= leastUs && us <= longestUs);
    }, `must be ${bounds} and a day at most`)
    .transform((text) => parseDurationUs(text) ?? Number.NaN);
}

const argument = z
  .string({ error: 'must be a text (in quotes where it looks like a number)' })
  .regex(/^[^\0]*$/, {
    error: 'must not hold a NUL character',
  });

/** A program with its arguments. */
export const argv = z
  .array(argument, { error: 'must be a list: the program, then its arguments; no shell reads it' })
  .min(1, 'must name a program')
  .max(1000, 'must hold 1000 arguments at most')
  .refine(([program]) => program !== '', 'must name a program');

/** The one key that is given of several that exclude each other; undefined where there is none, or more than one. */
export function onlyGiven<Value>(
  given: Readonly<Record<string, Value>>,
): readonly [string, Exclude<Value, undefined>] | undefined {
  const there = Object.entries(given).filter(
    (entry): entry is [string, Exclude<Value, undefined>] => entry[1] !== undefined,
  );
  return there.length === 1 ? there[0] : undefined;
}
