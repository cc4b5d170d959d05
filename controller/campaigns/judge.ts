import { limits } from '../trial/limits.ts';
import type { TrialRecord } from '../state/records.ts';
import type { CampaignStream } from './stream.ts';

/** Waits for what the metrics service says of a completed attempt, and puts it into the record of its trial. */
export async function judge(trial: TrialRecord, stream: CampaignStream, signal: AbortSignal): Promise<void> {
  const { plan, attempt } = trial;
  const measured = await stream.measured(plan.id, attempt, limits.measuredUs, signal).catch(() => undefined);
  trial.verdict = measured?.verdict ?? 'unknown';
  trial.reasons = [...(measured?.reasons ?? ['the metrics service has not said what came of it'])];
  if (measured === undefined) return;
  trial.measuredEventId = measured.eventId;
  if (measured.shown !== undefined) trial.shown = measured.shown;
}
