import { readCampaign } from '../../campaign/read.ts';
import { timingOf } from '../../campaign/schedule/schedule.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { AddScheduleRequest__Output } from '../../proto/generated/ordeal/v1/AddScheduleRequest.ts';
import type { Firing as FiringMessage } from '../../proto/generated/ordeal/v1/Firing.ts';
import type { GetScheduleRequest__Output } from '../../proto/generated/ordeal/v1/GetScheduleRequest.ts';
import type { ListNextInstantsRequest__Output } from '../../proto/generated/ordeal/v1/ListNextInstantsRequest.ts';
import type { ListNextInstantsResponse } from '../../proto/generated/ordeal/v1/ListNextInstantsResponse.ts';
import type { ListSchedulesResponse } from '../../proto/generated/ordeal/v1/ListSchedulesResponse.ts';
import type { PauseScheduleRequest__Output } from '../../proto/generated/ordeal/v1/PauseScheduleRequest.ts';
import type { RemoveScheduleRequest__Output } from '../../proto/generated/ordeal/v1/RemoveScheduleRequest.ts';
import type { ResumeScheduleRequest__Output } from '../../proto/generated/ordeal/v1/ResumeScheduleRequest.ts';
import type { Schedule } from '../../proto/generated/ordeal/v1/Schedule.ts';
import type { ScheduleDetails } from '../../proto/generated/ordeal/v1/ScheduleDetails.ts';
import type { Controller } from '../controller.ts';
import type { KeptSchedule } from '../schedule/kept-schedule.ts';
import type { Firing } from '../schedule/records.ts';

const instantsAtMost = 1_000;

export async function addSchedule(
  controller: Controller,
  { text, name, campaign }: AddScheduleRequest__Output,
): Promise<Schedule> {
  await controller.ready();
  if (campaign === null) throw new OrdealError('INVALID_INPUT', 'the request has no campaign file');
  const { schedules } = controller;
  return messageOf(
    await schedules.add(
      { name, text },
      {
        name: campaign.name,
        text: campaign.text,
        allowSubstitute: campaign.allowSubstitute,
      },
    ),
  );
}

export async function listSchedules(controller: Controller): Promise<ListSchedulesResponse> {
  await controller.ready();
  return { schedules: controller.schedules.all.map(messageOf) };
}

export async function getSchedule(
  controller: Controller,
  { name }: GetScheduleRequest__Output,
): Promise<ScheduleDetails> {
  await controller.ready();
  const kept = controller.schedules.get(name);
  const { file, campaign } = kept.record;
  return { schedule: messageOf(kept), text: file.text, campaign, firings: kept.firings.map(firingMessage) };
}

export async function listNextInstants(
  controller: Controller,
  { name, count }: ListNextInstantsRequest__Output,
): Promise<ListNextInstantsResponse> {
  await controller.ready();
  if (count < 1 || count > instantsAtMost)
    throw new OrdealError('INVALID_INPUT', `the count is ${count}; it may be from 1 to ${instantsAtMost}`);
  const { schedules } = controller;
  const instants = (name === '' ? schedules.all : [schedules.get(name)]).flatMap((kept) =>
    kept.next(Date.now(), count).map((instantMs) => ({
      schedule: kept.record.name,
      wallUs: instantMs * 1000,
      paused: kept.isPaused,
    })),
  );
  return { instants: instants.sort((one, other) => one.wallUs - other.wallUs).slice(0, count) };
}

export async function removeSchedule(
  controller: Controller,
  { name }: RemoveScheduleRequest__Output,
): Promise<Schedule> {
  await controller.ready();
  return messageOf(await controller.schedules.remove(name));
}

export async function pauseSchedule(
  controller: Controller,
  { name, reason }: PauseScheduleRequest__Output,
): Promise<Schedule> {
  await controller.ready();
  return messageOf(await controller.schedules.pause(name, reason === '' ? 'paused by an operator' : reason));
}

export async function resumeSchedule(
  controller: Controller,
  { name }: ResumeScheduleRequest__Output,
): Promise<Schedule> {
  await controller.ready();
  return messageOf(await controller.schedules.unpause(name));
}

function messageOf(kept: KeptSchedule): Schedule {
  const { record, schedule, firings, isPaused } = kept;
  const [nextMs = 0] = kept.next(Date.now(), 1);
  const last = firings.at(-1);
  return {
    name: record.name,
    timing: timingOf(schedule),
    campaignName: readCampaign(record.campaign.text, record.campaign.name, record.campaign).name,
    paused: isPaused,
    pausedBecause: record.pausedBecause ?? '',
    nextWallUs: nextMs * 1000,
    last: last === undefined ? null : firingMessage(last),
  };
}

const outcomes = { decided: 'DECIDED', started: 'STARTED', skipped: 'SKIPPED', missed: 'MISSED' } as const;

function firingMessage(firing: Firing): FiringMessage {
  const { instantMs, decidedMs, outcome, campaign = '', reason = '', passed } = firing;
  return {
    instantWallUs: instantMs * 1000,
    decidedWallUs: decidedMs * 1000,
    outcome: outcomes[outcome],
    campaign,
    reason,
    passed,
  };
}
