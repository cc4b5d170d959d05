import { examineCampaign, readCampaign } from '../../campaign/read.ts';
import { compile } from '../../campaign/compile.ts';
import { faultsOf } from '../../campaign/faults-of.ts';
import type { FaultPlan, Plan, TrialPlan } from '../../campaign/plan.ts';
import { estimateOf } from '../../campaign/estimate.ts';
import { fatesAtPlan } from '../../campaign/pruning/at-plan.ts';
import { reachOfPlan, type Reach } from '../../campaign/reach.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Campaign } from '../../proto/generated/ordeal/v1/Campaign.ts';
import type { CampaignFile__Output } from '../../proto/generated/ordeal/v1/CampaignFile.ts';
import type { ListCampaignsResponse } from '../../proto/generated/ordeal/v1/ListCampaignsResponse.ts';
import type { PlannedTrial } from '../../proto/generated/ordeal/v1/PlannedTrial.ts';
import type { PlanPart } from '../../proto/generated/ordeal/v1/PlanPart.ts';
import type { PlanReach } from '../../proto/generated/ordeal/v1/PlanReach.ts';
import type { RunCampaignRequest__Output } from '../../proto/generated/ordeal/v1/RunCampaignRequest.ts';
import type { Validation } from '../../proto/generated/ordeal/v1/Validation.ts';
import type { AbortCampaignRequest__Output } from '../../proto/generated/ordeal/v1/AbortCampaignRequest.ts';
import type { PauseCampaignRequest__Output } from '../../proto/generated/ordeal/v1/PauseCampaignRequest.ts';
import type { ResumeCampaignRequest__Output } from '../../proto/generated/ordeal/v1/ResumeCampaignRequest.ts';
import type { Controller } from '../controller.ts';

export function validateCampaign(file: CampaignFile__Output): Validation {
  const examined = examineCampaign(file.text, file);
  if ('campaign' in examined) return { problems: [] };
  return { problems: examined.problems.map((problem) => ({ ...problem })) };
}

export async function* planCampaign(
  { fleet }: Controller,
  file: CampaignFile__Output,
): AsyncGenerator<PlanPart> {
  const plan = await Promise.resolve(planOf(file, fleet.inventory));
  const { name, seed, estimateUs, trials, warnings } = plan;
  const begun = trials.filter(({ pruned }) => pruned === undefined);
  const fates = fatesAtPlan(trials, plan);
  const least = trials.filter((_, place) => fates[place] === 'runs');
  const reach = reachOfPlan(begun);
  yield {
    head: {
      name,
      seed,
      trials: trials.length,
      estimateUs,
      warnings: [...warnings],
      leastTrials: least.length,
      leastEstimateUs: estimateOf(least, plan.definition.timeoutUs),
      prunedTrials: trials.length - begun.length,
      ...(reach === undefined ? {} : { reach: messageOf(reach) }),
    },
  };
  for (const [place, trial] of trials.entries())
    yield { trial: { ...plannedTrial(trial), open: fates[place] === 'open' } };
}

function messageOf({ smallest, cells, trials, goldenRuns }: Reach): PlanReach {
  return { smallestP: smallest, cells, trials, goldenRuns };
}

export async function runCampaign(
  controller: Controller,
  { file, requestId }: RunCampaignRequest__Output,
): Promise<Campaign> {
  await controller.ready();
  if (file === null) throw new OrdealError('INVALID_INPUT', 'the request has no campaign file');
  if (requestId === '') throw new OrdealError('INVALID_INPUT', 'the request has no request_id');
  const { campaigns, fleet } = controller;
  return await campaigns.start(requestId, file, () => planOf(file, fleet.inventory));
}

export async function listCampaigns(controller: Controller): Promise<ListCampaignsResponse> {
  await controller.ready();
  return { campaigns: controller.campaigns.list() };
}

export async function abortCampaign(
  controller: Controller,
  { id, reason }: AbortCampaignRequest__Output,
): Promise<Campaign> {
  // Until then nothing runs: no task set is sent and no lease is given. `stop --all` is remembered even so.
  await controller.ready();
  return await controller.campaigns.abort(id, reason === '' ? 'aborted by an operator' : reason);
}

export async function pauseCampaign(
  controller: Controller,
  { id, reason }: PauseCampaignRequest__Output,
): Promise<Campaign> {
  await controller.ready();
  return await controller.campaigns.pause(id, reason === '' ? 'paused by an operator' : reason);
}

export async function resumeCampaign(
  controller: Controller,
  { id }: ResumeCampaignRequest__Output,
): Promise<Campaign> {
  await controller.ready();
  return await controller.campaigns.unpause(id);
}

function planOf(file: CampaignFile__Output, inventory: Parameters<typeof compile>[1]): Plan {
  return compile(readCampaign(file.text, file.name, file), inventory);
}

function plannedTrial(trial: TrialPlan): PlannedTrial {
  const { id, fault, combination, repetition, timeline, seed, pruned } = trial;
  return {
    id,
    ...plannedFault(fault),
    fault: combination?.name ?? fault?.name ?? '',
    repetition,
    durationUs: faultsOf(trial).length === 0 ? 0 : timeline.duringUs,
    seed,
    prunedBy: pruned?.policy ?? '',
    prunedGrounds: pruned?.grounds ?? '',
    faults: (combination?.faults ?? []).map((timed) => ({
      ...plannedFault(timed.fault),
      atUs: timed.atUs,
      durationUs: timed.durationUs,
      seed: timed.seed,
      upon: timed.upon?.means ?? '',
      withinUs: timed.upon?.withinUs ?? 0,
    })),
  };
}

function plannedFault(fault: FaultPlan | undefined) {
  return {
    fault: fault?.name ?? '',
    intensity: fault?.intensity ?? '',
    cell: fault?.cell ?? '',
    mechanism: fault?.mechanism ?? '',
    element: fault?.element ?? '',
    targets: fault?.targets.map((target) => ({ ...target })) ?? [],
  };
}
