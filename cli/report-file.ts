import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withMetrics } from './clients.ts';

/** The report is written when the campaign has ended, which a watch may see before the metrics service does. */
const patienceMs = 5_000;
const pauseMs = 200;

/** The report of a campaign that has ended, where this machine has it. */
export async function reportFile(campaign: string): Promise<string | undefined> {
  const untilMs = Date.now() + patienceMs;
  while (Date.now() < untilMs) {
    const { runs } = await withMetrics(async (metrics) => await metrics.listRuns({})).catch(() => ({
      runs: [],
    }));
    const known = runs.find((run) => run.campaign === campaign);
    if (known === undefined) return undefined;
    const file = join(known.directory, 'report.html');
    if (existsSync(file)) return file;
    await sleep(pauseMs);
  }
  return undefined;
}
