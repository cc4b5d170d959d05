import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isKind } from '../../events/event.ts';
import type { SavedRun } from './saved-run.ts';

const verdictSchema = z.looseObject({ verdict: z.string() });

interface RunSummary {
  readonly campaign: string;
  readonly name: string;
  readonly startedWallUs: number;
  readonly ended: boolean;
  readonly verdict: string;
  readonly directory: string;
}

/** What a list of saved runs shows of each; of one that is damaged, that it is there. */
export async function summarize(run: SavedRun): Promise<RunSummary> {
  const events = await run.events().catch(() => []);
  const started = events.find((event) => isKind(event, 'campaign.started'));
  const verdict = await readFile(run.measuresFile, 'utf8')
    .then((text) => verdictSchema.parse(JSON.parse(text)).verdict)
    .catch(() => 'unknown');
  return {
    campaign: run.campaign,
    name: started?.body.kind === 'campaign.started' ? started.body.name : run.campaign,
    startedWallUs: started?.wallUs ?? 0,
    ended: events.some((event) => isKind(event, 'campaign.ended')),
    verdict,
    directory: run.directory,
  };
}
