import { createWriteStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { withMetrics } from '../clients.ts';
import { outputOf, verb } from './verb.ts';

export function reportVerb(): Command {
  return verb(
    'report',
    'where the report of a campaign is; brings the whole saved run here when it is kept elsewhere',
  )
    .argument('<id>', 'the campaign')
    .option('--runs <folder>', 'where to put it', 'runs')
    .action(async (id: string, { runs }: { runs: string }, command: Command) => {
      const directory = await bring(id, resolve(runs));
      const report = join(directory, 'report.html');
      if (!existsSync(report)) {
        throw new OrdealError('NOT_FOUND', `the campaign ${id} has no report yet`, {
          remedy: `Wait for its end: \`ordeal campaign watch ${id}\`.`,
        });
      }
      outputOf(command).answer({ campaign: id, directory, report }, () => report);
    });
}

/** Answers the folder of a saved run on this machine. */
async function bring(id: string, runs: string): Promise<string> {
  return await withMetrics(async (metrics) => {
    const known = (await metrics.listRuns({})).runs.find(({ campaign }) => campaign === id);
    if (known === undefined)
      throw new OrdealError('NOT_FOUND', `the metrics service knows no campaign "${id}"`);
    if (existsSync(known.directory)) return known.directory;
    const directory = join(runs, id);
    let file: ReturnType<typeof createWriteStream> | undefined;
    for await (const { path, data } of metrics.exportRun({ campaign: id })) {
      if (path !== '') {
        await close(file);
        const place = inside(directory, path);
        await mkdir(dirname(place), { recursive: true });
        file = createWriteStream(place);
      }
      file?.write(data);
    }
    await close(file);
    return directory;
  });
}

async function close(file: ReturnType<typeof createWriteStream> | undefined): Promise<void> {
  if (file === undefined) return;
  file.end();
  await finished(file);
}

/** A path that the other side gave stays below the folder of the run. */
function inside(directory: string, path: string): string {
  const place = resolve(directory, path);
  if (place.startsWith(directory + sep)) return place;
  throw new OrdealError(
    'DAMAGED_RUN',
    `the saved run has a file "${path}" that would lie outside of its folder`,
  );
}
