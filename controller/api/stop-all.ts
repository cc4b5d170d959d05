import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { StopAllRequest__Output } from '../../proto/generated/ordeal/v1/StopAllRequest.ts';
import type { StopAllResponse } from '../../proto/generated/ordeal/v1/StopAllResponse.ts';
import type { Controller } from '../controller.ts';

/** The order is out at once; the answer waits this long for what came of it, since a person asks whether it is over. */
const answerWithinUs = 5_000_000;

export async function stopAll(
  controller: Controller,
  { reason }: StopAllRequest__Output,
): Promise<StopAllResponse> {
  const { fleet, known } = controller;
  const stopped = controller.stopAll(reason === '' ? 'stopped by an operator' : reason);
  const untilUs = monotonicUs() + answerWithinUs;
  const isOpen = (id: string): boolean => known.open.includes(id) && fleet.host(known.hostOf(id)).connected;
  while (stopped.injections.some(isOpen) && monotonicUs() < untilUs) await sleep(50);
  const warning = await stopped.warning;
  return {
    injections: stopped.injections.map((id) => known.message(id)),
    campaigns: [...stopped.campaigns],
    schedulesPaused: [...stopped.schedules],
    warnings: warning === '' ? [] : [warning],
    hostsOutOfReach: fleet.hosts.filter(({ connected }) => !connected).map(({ name }) => name),
  };
}
