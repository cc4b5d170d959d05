import { z } from 'zod';
import { nameSchema } from './name.ts';

const us = z.int();
const text = z.string();

export const trialSteps = [
  'deploy',
  'prepare',
  'check',
  'warm-up',
  'stage',
  'inject',
  'revert',
  'observe',
  'verify-clean',
  'collect',
  'undeploy',
] as const;
export type TrialStep = (typeof trialSteps)[number];

/** What the fault really touched; see Effects in injectors/. */
const effects = z.strictObject({
  count: z.union([z.int().nonnegative(), z.literal('unknown')]),
  firstUs: us.optional(),
  lastUs: us.optional(),
  dose: z.strictObject({ unit: text, asked: z.number(), achieved: z.number() }).optional(),
  remark: text.optional(),
});

const injection = { injection: nameSchema };

// The controller says these.
const campaignStarted = z.strictObject({
  kind: z.literal('campaign.started'),
  name: text,
  /** The whole campaign file and the plan made of it, so that a saved run explains itself. */
  file: text,
  plan: z.json(),
  provenance: z.record(text, text),
});
const campaignEnded = z.strictObject({
  kind: z.literal('campaign.ended'),
  outcome: z.enum(['completed', 'aborted', 'failed']),
  reason: text.optional(),
});
/** From now on no attempt is begun; the one under way goes on to its end. The first pause of a campaign, the second, and so on. */
const campaignPaused = z.strictObject({
  kind: z.literal('campaign.paused'),
  pause: z.int().positive(),
  reason: text,
});
/** That pause is over. */
const campaignResumed = z.strictObject({ kind: z.literal('campaign.resumed'), pause: z.int().positive() });
const trialStarted = z.strictObject({
  kind: z.literal('trial.started'),
  /** Every producer that must close this attempt before its measures can be final. */
  producers: z.array(nameSchema),
});
const trialStep = z.strictObject({
  kind: z.literal('trial.step'),
  step: z.enum(trialSteps),
  state: z.enum(['begun', 'done', 'failed']),
  reason: text.optional(),
});
/** A policy of the campaign left the trial out; it is never run. */
const trialPruned = z.strictObject({
  kind: z.literal('trial.pruned'),
  policy: text,
  grounds: text,
});
/** Every trial of the block has ended, and it is to be decided whether there are enough: the metrics service is asked. */
const blockEnded = z.strictObject({ kind: z.literal('block.ended'), block: z.int().positive() });
/** How wide the interval of a measure is, of the group where it is the widest; microseconds, requests a second, or a share of 1. */
const width = z.strictObject({
  measure: text,
  name: text,
  width: z.union([z.number(), z.literal('unknown')]),
  asked: z.number(),
  isNarrow: z.boolean(),
});
/** So many blocks are enough: every interval is as narrow as asked, the time is over, or all repetitions were run. No later block is run. */
const campaignConcluded = z.strictObject({
  kind: z.literal('campaign.concluded'),
  blocks: z.int().nonnegative(),
  because: z.enum(['narrow', 'time', 'repetitions']),
  widths: z.array(width),
});
/** The instants as planned, in the reference clock (the controller's monotonic one). */
const trialScheduled = z.strictObject({
  kind: z.literal('trial.scheduled'),
  startUs: us,
  injectUs: us,
  removeUs: us,
  endUs: us,
});
/** What a fault of a combination waits for was noticed, by which rule, and when it begins (as above); or it was not in time, and the fault never begins. */
const faultAwaited = z.strictObject({
  kind: z.literal('fault.awaited'),
  fault: text,
  means: text,
  rule: text.optional(),
  startUs: us.optional(),
});
const trialEnded = z.strictObject({
  kind: z.literal('trial.ended'),
  outcome: z.enum(['completed', 'interrupted', 'aborted', 'failed']),
  reason: text.optional(),
});
/** Reference clock = the host's monotonic clock + offset, give or take the error. */
const clockRead = z.strictObject({
  kind: z.literal('clock.read'),
  of: nameSchema,
  offsetUs: us,
  errorUs: us,
});
const serviceChecked = z.strictObject({
  kind: z.literal('service.checked'),
  healthy: z.boolean(),
  found: text,
});

// An agent says these; the envelope's monoUs is the instant of the change.
const injectionStaged = z.strictObject({
  kind: z.literal('injection.staged'),
  ...injection,
  fault: text,
  cell: text,
  mechanism: text,
  target: z.json(),
  parameters: z.json(),
  mode: z.json(),
  seed: z.int(),
  oneShot: z.boolean(),
  effectUnit: text,
  startUs: us,
  durationUs: us,
});
/** The envelope's instant is that at which the act began: the first effects come before it is over. */
const injectionActive = z.strictObject({
  kind: z.literal('injection.active'),
  ...injection,
  /** When the act was over: all of the fault was there by then. In the host's monotonic clock. */
  appliedUs: us,
});
/** Its container went before its time was over, and another one has taken its place, on which it goes on: the second one it meets, the third. */
const injectionFollowed = z.strictObject({
  kind: z.literal('injection.followed'),
  ...injection,
  target: z.json(),
  instance: z.int().min(2),
});
/** The envelope's instant is that at which the fault was off. */
const injectionReverted = z.strictObject({
  kind: z.literal('injection.reverted'),
  ...injection,
  /** Why it ended: its time was over, somebody stopped it, its container went and it was not to follow, the agent found it in its journal when it started, its apply failed. */
  because: z.enum(['deadline', 'stopped', 'target-gone', 'recovered', 'failed']),
  effects,
});
const injectionVerified = z.strictObject({
  kind: z.literal('injection.verified'),
  ...injection,
  expected: z.enum(['applied', 'reverted']),
  holds: z.boolean(),
  found: text.optional(),
});
const injectionFailed = z.strictObject({
  kind: z.literal('injection.failed'),
  ...injection,
  during: z.enum(['stage', 'start', 'revert']),
  code: text,
  message: text,
});
const workloadStarted = z.strictObject({ kind: z.literal('workload.started'), driver: text, version: text });
const workloadEnded = z.strictObject({
  kind: z.literal('workload.ended'),
  rows: z.int().nonnegative(),
  failed: text.optional(),
});

/** What a watcher reads: a log file, the kernel's log, what a command prints, the journal of systemd. */
const watchSources = ['log', 'kernel', 'command', 'journal'] as const;
const watch = { watch: nameSchema };
const watchStarted = z.strictObject({ kind: z.literal('watch.started'), ...watch, of: z.enum(watchSources) });
/** A line as the infrastructure wrote it. The envelope's instants are the line's own where it is stamped, else those of its reading. */
const watchLine = z.strictObject({
  kind: z.literal('watch.line'),
  ...watch,
  text,
  stamped: z.boolean(),
  /** What the stamp leaves open (a clock that writes whole seconds leaves one second); 0 where there is none. */
  resolutionUs: us.nonnegative(),
  /** In the host's monotonic clock: it was there by then. */
  readUs: us,
});
const watchEnded = z.strictObject({
  kind: z.literal('watch.ended'),
  ...watch,
  lines: z.int().nonnegative(),
  /** Lines that were seen and not said: too many, too long. What is missing here is not known to be absent. */
  dropped: z.int().nonnegative(),
  failed: text.optional(),
});

/** Nothing has been heard of a host for longer than a lease: crashed, cut off or frozen, which nobody knows before it is back. */
const hostSilent = z.strictObject({
  kind: z.literal('host.silent'),
  of: nameSchema,
  /** In the reference clock, as all instants of these two. */
  lastHeardUs: us,
});
/** It has crashed where it is back in another boot than that in which it went; else it was only silent. */
const hostReturned = z.strictObject({
  kind: z.literal('host.returned'),
  of: nameSchema,
  lastHeardUs: us,
  returnedUs: us,
  crashed: z.boolean(),
  /** When its present boot began, by its own clock. */
  bootedUs: us.optional(),
});

const hostChecked = z.strictObject({ kind: z.literal('host.checked'), residue: z.array(text) });

/** The last word of a producer on an attempt: every incarnation that spoke, with the last seq of each (this event's own included). */
const producerClosed = z.strictObject({
  kind: z.literal('producer.closed'),
  incarnations: z.array(z.strictObject({ incarnation: text, lastSeq: z.int().nonnegative() })),
});

/** What the faults of a trial came to, by the trial alone: what later trials are left out by. */
const shown = z.strictObject({
  outcome: text,
  /** The rules by which the infrastructure noticed and repaired; absent where some may not have been seen. */
  detections: z.array(text).optional(),
  repairs: z.array(text).optional(),
  touched: z.array(text),
});

// The metrics service says these, to the controller.
const trialMeasured = z.strictObject({
  kind: z.literal('trial.measured'),
  final: z.boolean(),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  reasons: z.array(text),
  /** Absent of a golden run. */
  shown: shown.optional(),
});

/** The answer to block.ended, over all trials until then. */
const blockMeasured = z.strictObject({
  kind: z.literal('block.measured'),
  block: z.int().positive(),
  widths: z.array(width),
});

/** Whether a recovery of this attempt is still to be waited for; said again whenever the answer has changed. */
const trialWatched = z.strictObject({ kind: z.literal('trial.watched'), open: z.boolean(), reason: text });

export const eventBodies = [
  campaignStarted,
  campaignEnded,
  campaignPaused,
  campaignResumed,
  trialStarted,
  trialPruned,
  blockEnded,
  blockMeasured,
  campaignConcluded,
  trialStep,
  trialScheduled,
  faultAwaited,
  trialEnded,
  clockRead,
  serviceChecked,
  injectionStaged,
  injectionActive,
  injectionFollowed,
  injectionReverted,
  injectionVerified,
  injectionFailed,
  workloadStarted,
  workloadEnded,
  watchStarted,
  watchLine,
  watchEnded,
  hostSilent,
  hostReturned,
  hostChecked,
  producerClosed,
  trialMeasured,
  trialWatched,
] as const;
