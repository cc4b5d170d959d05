import type { ControlServiceHandlers } from '../../proto/generated/ordeal/v1/ControlService.ts';
import type { Log } from '../../service/log.ts';
import type { Controller } from '../controller.ts';
import {
  abortCampaign,
  listCampaigns,
  pauseCampaign,
  planCampaign,
  resumeCampaign,
  runCampaign,
  validateCampaign,
} from './campaigns.ts';
import { listFaults } from './faults.ts';
import { answering, streaming } from './handlers.ts';
import { listHosts } from './hosts.ts';
import { inject } from './inject.ts';
import {
  addSchedule,
  getSchedule,
  listNextInstants,
  listSchedules,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
} from './schedules.ts';
import { stopAll } from './stop-all.ts';
import { watchCampaign } from './watch.ts';

/** ControlService, rpc by rpc, for operators. */
export function controlService(controller: Controller, log: Log): ControlServiceHandlers {
  const { known, oneShots } = controller;
  return {
    ValidateCampaign: answering(log, validateCampaign),
    PlanCampaign: streaming(log, (file) => planCampaign(controller, file)),
    RunCampaign: answering(log, async (request) => await runCampaign(controller, request)),
    ListCampaigns: answering(log, () => listCampaigns(controller)),
    WatchCampaign: streaming(log, (request, signal) => watchCampaign(controller, request, signal)),
    AbortCampaign: answering(log, (request) => abortCampaign(controller, request)),
    PauseCampaign: answering(log, (request) => pauseCampaign(controller, request)),
    ResumeCampaign: answering(log, (request) => resumeCampaign(controller, request)),
    ListHosts: answering(log, () => listHosts(controller)),
    ListFaults: answering(log, () => listFaults(controller)),
    Inject: answering(log, async (request) => await inject(controller, request)),
    ListInjections: answering(log, ({ endedToo }) => ({ injections: known.list(endedToo) })),
    StopInjection: answering(log, async ({ id }) => await oneShots.stop(id)),
    StopAll: answering(log, async (request) => await stopAll(controller, request)),
    AddSchedule: answering(log, (request) => addSchedule(controller, request)),
    ListSchedules: answering(log, () => listSchedules(controller)),
    GetSchedule: answering(log, (request) => getSchedule(controller, request)),
    ListNextInstants: answering(log, (request) => listNextInstants(controller, request)),
    RemoveSchedule: answering(log, (request) => removeSchedule(controller, request)),
    PauseSchedule: answering(log, (request) => pauseSchedule(controller, request)),
    ResumeSchedule: answering(log, (request) => resumeSchedule(controller, request)),
  };
}
