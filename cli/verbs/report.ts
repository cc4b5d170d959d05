import { createWriteStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { campaignJunit } from '../../metrics/export/campaign-junit.ts';
import { groupsCsv } from '../../metrics/export/groups-csv.ts';
import { trialsCsv } from '../../metrics/export/trials-csv.ts';
import type { Measures } from '../../metrics/measures/measures.ts';
import { measuresOf } from '../../metrics/run/read-measures.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';
import { formOf } from '../answer-form.ts';
import { withMetrics } from '../clients.ts';
import { outputOf, verb } from './verb.ts';

export function reportVerb(): Command {
  return verb(
    'report',
    'where the report of a campaign is; brings the whole saved run here when it is kept elsewhere',
  )
    .argument('<id>', 'the campaign, or the folder of its saved run, which needs no controller')
    .option('--runs <folder>', 'where to put it', 'runs')
    .option('--junit', 'print its verdicts as XML of JUnit, a test case for each trial')
    .option('--csv <table>', `print a table of it as CSV: ${tables.join(' or ')}`)
    .action(async (id: string, { runs, ...options }: Options, command: Command) => {
      const form = formOf(options, ['json', 'junit', 'csv']);
      const table = tables.find((known) => known === options.csv);
      if (form === 'csv' && table === undefined) throw noTable(options.csv);
      const directory = isSavedRun(id) ? resolve(id) : await bring(id, resolve(runs));
      if (form === 'junit' || table !== undefined) {
        const measures = await measuresOf(new SavedRun(directory));
        process.stdout.write(table === undefined ? campaignJunit(measures) : csvOf(table, measures));
        return;
      }
      const report = join(directory, 'report.html');
      if (!existsSync(report)) {
        throw new OrdealError('NOT_FOUND', `the campaign ${id} has no report yet`, {
          remedy: `Wait for its end: \`ordeal campaign watch ${id}\`.`,
        });
      }
      outputOf(command).answer({ campaign: id, directory, report }, () => report);
    });
}

const tables = ['trials', 'groups'] as const;

interface Options {
  readonly runs: string;
  readonly json?: boolean;
  readonly junit?: boolean;
  readonly csv?: string;
}

function csvOf(table: (typeof tables)[number], { trials, groups }: Measures): string {
  return table === 'trials' ? trialsCsv(trials) : groupsCsv(groups);
}

function noTable(found: string | undefined): OrdealError {
  return new OrdealError('INVALID_INPUT', `--csv is "${found ?? ''}"; it has to be ${tables.join(' or ')}`);
}

/** An id has no events. */
function isSavedRun(path: string): boolean {
  return existsSync(new SavedRun(path).eventsFile);
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
