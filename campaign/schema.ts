import { z } from 'zod';
import { drivers } from '../workload/catalogue.ts';
import { abort } from './abort-schema.ts';
import { combination } from './combination-schema.ts';
import { meanings, type Rule } from './definition.ts';
import { element } from './element-schema.ts';
import { fault } from './fault-schema.ts';
import type { Timeline } from './plan.ts';
import { policy } from './pruning/schema.ts';
import { problemOfRulePattern } from './rule-expression.ts';
import { until } from './sequential/schema.ts';
import {
  argv,
  duration,
  durationOrNone,
  hostPattern,
  largestSeed,
  name,
  onlyGiven,
  ratePerS,
  share,
  wholeNumber,
} from './values.ts';
import { watch } from './watch-schema.ts';

/** A recovery may take longer than a trial: in the thesis several ended after its 300 s. */
const defaultHorizon = '10m';
/** The limits that ETSI, TL 9000 and the thesis name. */
const defaultLimits = ['5s', '6s', '15s', '25s', '30s'];

const command = z
  .strictObject({
    host: hostPattern.describe('the host that runs it; a pattern has to match exactly one'),
    run: argv.describe('the program and its arguments; no shell reads them'),
    timeout: duration.prefault('1m').describe('after which it is ended and has failed; default: 1m'),
  })
  .transform(({ host, run, timeout }) => ({ host, argv: run, timeoutUs: timeout }));

const commands = z
  .array(command, { error: 'must be a list of commands' })
  .max(100, 'must hold 100 commands at most')
  .prefault([]);

const system = z
  .strictObject({
    name: name.describe('what the results call the system under benchmark'),
    deploy: commands.describe('commands that bring it up, before each trial'),
    prepare: commands.describe('commands that bring it into the state in which a trial starts'),
    undeploy: commands.describe('commands that take it down, after each trial'),
    healthy: z
      .strictObject({ within: duration.describe('how long the service may take to be healthy') })
      .describe('the check before each trial, asked through the driver of the workload'),
  })
  .transform(({ healthy, ...rest }) => ({ ...rest, healthWithinUs: healthy.within }));

const driverNames = drivers.map((driver) => driver.name);
const workload = z
  .strictObject({
    host: hostPattern.describe('the host that sends the load; a pattern has to match exactly one'),
    ...Object.fromEntries(
      drivers.map((driver) => [driver.name, driver.options.optional().describe(driver.summary)] as const),
    ),
  })
  .transform(({ host, ...given }, context) => {
    const chosen = onlyGiven<unknown>(given);
    if (chosen !== undefined) {
      const [driver, options] = chosen;
      return { host, driver, options };
    }
    context.addIssue({
      code: 'custom',
      message: `must hold exactly one load driver: ${driverNames.join(', ')}`,
    });
    return z.NEVER;
  });

const timeline = z
  .strictObject({
    warmUp: durationOrNone.describe('load that is not measured'),
    before: duration.describe('measured, without the fault'),
    during: duration.describe('measured, with the fault'),
    after: duration.describe('measured, when the fault is over'),
    horizon: durationOrNone
      .prefault(defaultHorizon)
      .describe('how long a recovery that is still open is watched beyond the end; default: 10m'),
  })
  .transform(({ warmUp, before, during, after, horizon }): Timeline => ({
    warmUpUs: warmUp,
    beforeUs: before,
    duringUs: during,
    afterUs: after,
    horizonUs: horizon,
  }));

const slo = z
  .strictObject({
    latency: z
      .strictObject({
        p50: duration.optional().describe('the median at most'),
        p90: duration.optional().describe('the 90th percentile at most'),
      })
      .default({})
      .describe('of the response times'),
    throughput: ratePerS.optional().describe('successful requests at least, such as 190/s'),
    unavailability: durationOrNone.optional().describe('the sum of the outages at most'),
  })
  .transform(({ latency, throughput, unavailability }) => ({
    ...(latency.p50 === undefined ? {} : { l50Us: latency.p50 }),
    ...(latency.p90 === undefined ? {} : { l90Us: latency.p90 }),
    ...(throughput === undefined ? {} : { throughputPerS: throughput }),
    ...(unavailability === undefined ? {} : { unavailabilityUs: unavailability }),
  }));

const unavailability = z
  .strictObject({
    window: duration.prefault('1s').describe('the sliding window in which requests are counted; default: 1s'),
    errorRate: share
      .prefault('5%')
      .describe('the share of failed requests above which a window is an outage; default: 5%'),
  })
  .transform(({ window, errorRate }) => ({ windowUs: window, errorRate }));

/** Unlike a share of a whole, it may be above 100%. */
const tolerated = z
  .string({ error: 'must be a percentage, such as "20%"' })
  .regex(/^\d{1,6}(\.\d+)?%$/, 'must be a percentage, such as "20%"')
  .transform((text) => Number.parseFloat(text) / 100);

const measures = z.strictObject({
  unavailability: unavailability.prefault({}).describe('when the service counts as unavailable'),
  limits: z
    .array(duration, { error: 'must be a list of durations' })
    .max(20, 'must hold 20 limits at most')
    .prefault(defaultLimits)
    .describe('the interruptions that the report counts trials above; default: 5s, 6s, 15s, 25s, 30s'),
  tolerance: z
    .strictObject({
      latency: tolerated.prefault('20%').describe('how much higher L90 may be; default: 20%'),
      throughput: share.prefault('10%').describe('how much lower the throughput may be; default: 10%'),
    })
    .prefault({})
    .describe('how far after the fault may be from before it, before that is a degradation'),
  recovery: z
    .strictObject({
      within: duration
        .prefault('25s')
        .describe('a recovery that takes longer from its detection is none; default: 25s'),
    })
    .prefault({})
    .describe("how the infrastructure's own recovery is judged"),
});

const rule = z
  .strictObject({
    name: name.describe('what the results call it'),
    source: z.string().min(1, 'must name a watch').max(200).describe('the watch whose lines it reads'),
    pattern: z
      .string({ error: 'must be a regular expression, in quotes' })
      .min(1, 'must not be empty: it would match every line')
      .max(1000, 'must hold 1000 characters at most')
      .superRefine((text, context) => {
        const problem = problemOfRulePattern(text);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      })
      .describe(
        'a regular expression (of JavaScript, without look-around and back references) that the line has to match',
      ),
    means: z.enum(meanings).describe('what such a line says'),
    by: z.enum(['node', 'management']).describe('who says it'),
  })
  .transform((given): Rule => given);

/** The file as people write it; what it is parsed to has its units resolved. */
export const campaignSchema = z.strictObject({
  version: z
    .literal(1, { error: 'must be 1, the version of this format' })
    .describe('the version of this format: 1'),
  name: name.describe('what the results call the campaign'),
  description: z.string({ error: 'must be a text' }).max(10_000).optional().describe('for people'),
  seed: wholeNumber(0, largestSeed).describe(
    'every random choice comes from it; published, so that the campaign can be repeated',
  ),
  system: system.describe('the system under benchmark'),
  workload: workload.describe(
    'the load on its service: the host that sends it, and the options of one driver',
  ),
  timeline: timeline.describe('the stretches of a trial, one after the other'),
  repetitions: wholeNumber(1, 1000).describe('how often each fault is injected'),
  goldenRuns: wholeNumber(0, 1000)
    .optional()
    .describe('trials without a fault, spread evenly; default: as many as repetitions'),
  faultload: z
    .array(fault, { error: 'must be a list of faults' })
    .max(1000, 'must hold 1000 faults at most')
    .describe('the faults, one trial for each in each repetition'),
  combinations: z
    .array(combination, { error: 'must be a list of combinations' })
    .max(1000, 'must hold 1000 combinations at most')
    .prefault([])
    .describe('several faults in one trial, one trial for each combination in each repetition'),
  prune: z
    .array(policy, { error: 'must be a list of policies' })
    .max(100, 'must hold 100 policies at most')
    .prefault([])
    .describe('which trials are left out, by what those before them have shown'),
  abort: abort.optional().describe('when the campaign ends before its last trial, by itself'),
  until: until.optional().describe('when there are enough repetitions, before all of them were run'),
  slo: slo.prefault({}).describe('what the campaign demands; what is not demanded is not judged'),
  measures: measures.prefault({}).describe('how the measures are computed'),
  watch: z
    .array(watch, { error: 'must be a list of watches' })
    .max(100, 'must hold 100 watches at most')
    .prefault([])
    .describe('where the infrastructure says what it notices and does; read by the rules'),
  elements: z
    .array(element, { error: 'must be a list of elements' })
    .max(100, 'must hold 100 elements at most')
    .prefault([])
    .describe('what several hosts share, and so lose together: switches, bridges, disks, iSCSI targets'),
  components: z
    .record(z.string().min(1).max(200), z.string().min(1).max(400))
    .prefault({})
    .describe(
      "what the infrastructure's logs call the parts of the system: a name as a rule's group `component` finds it, and the host, or host/kind/name, that it is",
    ),
  rules: z
    .array(rule, { error: 'must be a list of rules' })
    .max(1000, 'must hold 1000 rules at most')
    .prefault([])
    .describe("how lines of the infrastructure's own logs are read"),
});
