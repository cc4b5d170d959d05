import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { durationForm, parseDurationUs } from '../../clock/duration.ts';
import { parseRatePerS, rateForm } from '../rate.ts';

/** Beyond what one process can send on time. */
const highestRatePerS = 20_000;
/** Longer than any client waits; and it bounds how many requests can be outstanding. */
const longestTimeoutUs = 120_000_000;

const duration = z
  .string()
  .refine((text) => parseDurationUs(text) !== undefined, { error: `must be ${durationForm}` })
  .refine((text) => inside(parseDurationUs(text), 1_000, longestTimeoutUs), {
    error: 'must be from 1ms to 2m',
  });

const rate = z
  .string()
  .refine((text) => parseRatePerS(text) !== undefined, { error: `must be ${rateForm}` })
  .refine((text) => inside(parseRatePerS(text), 0, highestRatePerS), {
    error: `must be at most ${highestRatePerS}/s, which is more than one generator sends on time`,
  });
const positiveRate = rate.refine((text) => parseRatePerS(text) !== 0, { error: 'must be above 0' });

const load = z.discriminatedUnion('shape', [
  z.strictObject({ shape: z.literal('flat'), rate: positiveRate.describe('requests per second or minute') }),
  z
    .strictObject({
      shape: z.literal('ramp'),
      from: rate.describe('the rate at the start'),
      to: rate.describe('the rate at the end'),
    })
    .refine(({ from, to }) => parseRatePerS(from) !== 0 || parseRatePerS(to) !== 0, {
      error: 'a ramp from 0 to 0 sends nothing',
    }),
  z
    .strictObject({
      shape: z.literal('staircase'),
      from: rate.describe('the rate of the first step'),
      to: rate.describe('the rate of the last step'),
      steps: z.int().min(2).max(1000).describe('how many steps of equal length, both ends included'),
    })
    .refine(({ from, to }) => parseRatePerS(from) !== 0 || parseRatePerS(to) !== 0, {
      error: 'a staircase from 0 to 0 sends nothing',
    }),
]);

const expectation = z
  .strictObject({
    status: z.int().min(100).max(599).default(200).describe('the HTTP status of a right answer'),
    body: z.string().optional().describe('the whole text of a right answer'),
    bodyContains: z.string().min(1).optional().describe('a text that occurs in a right answer'),
  })
  .refine((expect) => expect.body === undefined || expect.bodyContains === undefined, {
    error: 'say body (the whole text) or bodyContains (a part of it), not both',
  });

const method = z.string().regex(/^[A-Z]+$/, 'must be an HTTP method in capitals, such as GET');
const headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of an HTTP header'),
  z.string().regex(/^[\t\x20-\x7e]*$/, 'must be the value of an HTTP header, on one line'),
);

const requestClass = z.strictObject({
  name: z.string().min(1).max(100).describe('the class of request, as the measures name it'),
  path: z.string().regex(/^\/[\x21-\x7e]*$/, 'must be a path that begins with / and is percent-encoded'),
  weight: z.number().positive().default(1).describe('how often, in proportion to the other classes'),
  method: method.optional().describe("default: the workload's"),
  headers: headers.optional().describe("beside the workload's headers"),
  body: z.string().optional().describe("default: the workload's"),
  expect: expectation.optional().describe("default: the workload's"),
});

export const httpOptions = z.strictObject({
  url: z
    .url({ protocol: /^http$/, error: 'must be an http:// address' })
    .describe('where the requests go; with classes, their paths replace its path'),
  method: method.default('GET'),
  headers: headers.default({}),
  body: z.string().optional(),
  expect: expectation.default({ status: 200 }),
  timeout: duration
    .default('1s')
    .describe('a request that is not wholly answered so long after its intended send has failed'),
  load,
  connections: z
    .int()
    .min(0)
    .max(10_000)
    .default(256)
    .describe('how many idle connections are kept for later requests; a request never waits for one'),
  classes: z
    .array(requestClass)
    .min(1)
    .refine((classes) => new Set(classes.map(({ name }) => name)).size === classes.length, {
      error: 'two classes have the same name',
    })
    .optional()
    .describe('several kinds of request, chosen by weight from the seed of the trial'),
});

export type HttpOptions = z.infer<typeof httpOptions>;
export type Load = HttpOptions['load'];
export type Expectation = HttpOptions['expect'];

/** Of a text that the schema has accepted. */
export function durationUs(text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined) throw new OrdealError('INVALID_INPUT', `"${text}" is not ${durationForm}`);
  return us;
}

/** Of a text that the schema has accepted. */
export function ratePerS(text: string): number {
  const rate = parseRatePerS(text);
  if (rate === undefined) throw new OrdealError('INVALID_INPUT', `"${text}" is not ${rateForm}`);
  return rate;
}

/** A text that is no number at all has been reported by the check before. */
function inside(value: number | undefined, least: number, most: number): boolean {
  return value === undefined || (value >= least && value <= most);
}
