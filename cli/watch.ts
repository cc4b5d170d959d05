import { type Event, eventSchema } from '../events/event.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { withControl } from './clients.ts';
import { exitCodes } from './exit.ts';
import type { Output } from './output.ts';
import { Progress } from './progress.ts';
import { reportFile } from './report-file.ts';

/** How long a watch goes on trying while the controller is away: longer than it takes one to be started again. */
const patienceMs = 60_000;
const pauseMs = 500;

/** Shows a campaign from a sequence on until it has ended, across breaks of the connection, and answers the exit code of its verdict. */
export async function watch(id: string, fromSequence: number, output: Output): Promise<number> {
  const progress = new Progress(output);
  try {
    await follow(id, fromSequence, (sequence, event) => {
      if (output.json) output.line({ sequence, event }, () => '');
      else progress.show(event);
    });
  } finally {
    progress.end();
  }
  const exitCode = await exitCodeOf(id);
  if (!output.json) progress.conclude(await reportFile(id));
  return exitCode;
}

async function follow(
  id: string,
  fromSequence: number,
  take: (sequence: number, event: Event) => void,
): Promise<void> {
  let next = fromSequence;
  let lastSeenMs = Date.now();
  for (;;) {
    try {
      await withControl(async (control) => {
        for await (const { sequence, event } of control.watchCampaign({ id, fromSequence: next })) {
          next = sequence + 1;
          lastSeenMs = Date.now();
          take(sequence, eventSchema.parse(JSON.parse(event)));
        }
      });
      return;
    } catch (error) {
      const away = OrdealError.from(error);
      const passing =
        away.code === 'NOT_RUNNING' || away.code === 'STORE_UNAVAILABLE' || away.code === 'HOST_LOST';
      if (!passing || Date.now() - lastSeenMs > patienceMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function exitCodeOf(id: string): Promise<number> {
  const { campaigns } = await withControl(async (control) => await control.listCampaigns({}));
  const campaign = campaigns.find((candidate) => candidate.id === id);
  if (campaign?.state !== 'COMPLETED') return exitCodes.notCompleted;
  if (campaign.trialsFailed > 0) return exitCodes.notMet;
  return campaign.trialsUnknown > 0 ? exitCodes.notCompleted : exitCodes.met;
}
