import { z } from 'zod';
import type { Plan, TrialPlan } from '../../campaign/plan.ts';
import { nameSchema } from '../../events/name.ts';
import type { Mode } from '../../injectors/mode.ts';
import { onRestarts, targetKinds } from '../../injectors/target.ts';

/**
 * What has to survive a crash: a key a campaign, a key a trial, a key a one-shot injection. Plans are kept as `campaign/` made them; the
 * schemas check what decisions of the controller rest on.
 */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

export type PlanHead = Omit<Plan, 'trials'>;

export const campaignRecordSchema = z.strictObject({
  id: nameSchema,
  requestId: z.string(),
  file: z.strictObject({ name: z.string(), text: z.string() }),
  plan: z.custom<PlanHead>(isObject),
  trials: z.int().nonnegative(),
  startedWallUs: z.int(),
  state: z.enum(['running', 'completed', 'aborted', 'failed']),
  reason: z.string().optional(),
  endedWallUs: z.int().optional(),
  /** Absent where it never was paused. */
  pause: z
    .strictObject({
      /** Which pause of the campaign this is, from 1. */
      number: z.int().positive(),
      /** Why it is paused; absent where that pause is over. */
      reason: z.string().optional(),
      /** Whether the event of the beginning of it, or of its end, is known to be in the stream. */
      said: z.boolean(),
    })
    .optional(),
  /** After so many blocks it was decided whether there are enough; absent before the first time. */
  blocksDecided: z.int().optional(),
  /** Why no later block is run, and whether campaign.concluded is known to be said. */
  concluded: z
    .strictObject({
      blocks: z.int(),
      because: z.enum(['narrow', 'time', 'repetitions']),
      widths: z.array(
        z.strictObject({
          measure: z.string(),
          name: z.string(),
          width: z.union([z.number(), z.literal('unknown')]),
          asked: z.number(),
          isNarrow: z.boolean(),
        }),
      ),
      said: z.boolean(),
    })
    .optional(),
  /** Whether campaign.started, and campaign.ended, are known to be in the stream; where not, that is looked up before it is said. */
  saidStarted: z.boolean(),
  saidEnded: z.boolean(),
});
export type CampaignRecord = z.infer<typeof campaignRecordSchema>;

/** The random part of an attempt's task ids, and the ids of its injections: enough to name, and to end, all that it may have begun. */
const attemptIdsSchema = z.strictObject({
  prefix: nameSchema,
  injections: z.array(nameSchema),
});
export type AttemptIds = z.infer<typeof attemptIdsSchema>;

const attemptEndSchema = z.strictObject({
  outcome: z.enum(['completed', 'interrupted', 'aborted', 'failed']),
  reason: z.string().optional(),
  /** Whether the trial is to be tried again after it. */
  again: z.boolean(),
});
export type AttemptEnd = z.infer<typeof attemptEndSchema>;

const shownSchema = z.strictObject({
  outcome: z.string(),
  detections: z.array(z.string()).optional(),
  repairs: z.array(z.string()).optional(),
  touched: z.array(z.string()),
});

export const trialRecordSchema = z.strictObject({
  campaign: nameSchema,
  plan: z.custom<TrialPlan>(isObject),
  /**
   * waiting: no attempt is in flight. running: one may be, with everything that `ids` name. ending: nothing of it runs any more, and `end`
   * is how it ended, though perhaps not yet said. ended: the trial is over, and is never run again. pruning: it is decided that it is left out,
   * though perhaps not yet said. pruned: it was left out, and is never run.
   */
  phase: z.enum(['waiting', 'running', 'ending', 'ended', 'pruning', 'pruned']),
  /** The current or last attempt; 0 before the first. */
  attempt: z.int().nonnegative(),
  /** How many attempts failed by themselves; those that a crash interrupted are not held against the trial. */
  failures: z.int().nonnegative(),
  ids: attemptIdsSchema.optional(),
  /** The step of a running attempt, for people: nothing is decided by it. */
  step: z.string().optional(),
  end: attemptEndSchema.optional(),
  verdict: z.enum(['pass', 'fail', 'unknown']).optional(),
  reasons: z.array(z.string()).optional(),
  /** The id of the event that the verdict rests on; absent where none came. */
  measuredEventId: z.string().optional(),
  /** What later decisions rest on: what came of its faults, by that same event, and the clusters that it was found in when it began. */
  shown: shownSchema.optional(),
  clusters: z.record(z.string(), z.string()).optional(),
  /** By which it was left out. */
  pruned: z.strictObject({ policy: z.string(), grounds: z.string() }).optional(),
});
export type TrialRecord = z.infer<typeof trialRecordSchema>;

export const injectionRecordSchema = z.strictObject({
  id: nameSchema,
  requestId: z.string(),
  cell: z.string(),
  mechanism: z.string(),
  target: z.strictObject({ host: z.string(), kind: z.enum(targetKinds), name: z.string() }),
  /** As the task carries them. */
  parameters: z.string(),
  mode: z.custom<Mode>(isObject),
  seed: z.int(),
  durationUs: z.int().positive(),
  /** Absent from the records of versions that knew nothing of it. */
  onRestart: z.enum(onRestarts).default('end'),
  /** In this controller's monotonic clock; 0 until the start was ordered. */
  startUs: z.int(),
});
export type InjectionRecord = z.infer<typeof injectionRecordSchema>;
