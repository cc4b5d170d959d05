import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measures } from '../metrics/measures/measures.ts';
import type { Benchmark } from './benchmark.ts';
import { measureByDuckDb } from './large-campaign/beside-duckdb.ts';
import { costOf } from './large-campaign/child.ts';
import { compareMeasures } from './large-campaign/same-measures.ts';

const trials = 360;
const rows = 40_000;
const mostMiB = 1024;

/** From the files of a large campaign to its measures and its report, beside DuckDB. */
export const campaignOf360: Benchmark = {
  name: 'campaign-of-360',
  title: 'A campaign of 360 trials with 40,000 requests each',
  method:
    'A saved run of 14.4 million requests is written by what writes the runs of others; the requests are made up, from a seed. `ordeal measure` computes all of its measures and writes the report, as a process; ' +
    'DuckDB, as another one, loads the same files into a table and computes L50 and L90 (of all, of the successes, from the send), throughput, outages and U. Each number that both have is compared. The measures of Ordeal hold much beside these: other definitions of U, groups, comparisons, digests.',
  async run(place) {
    const folder = await mkdtemp(join(tmpdir(), 'ordeal-bench-'));
    place.after(async () => await rm(folder, { recursive: true }));
    const run = join(folder, 'made-up');
    const making = fileURLToPath(new URL('large-campaign/making.ts', import.meta.url));
    await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      making,
      run,
      String(trials),
      String(rows),
    ]);
    const main = join(import.meta.dirname, '../dist/cli/main.js');
    const own = await costOf([main, 'measure', run]);
    const measures = JSON.parse(await readFile(join(run, 'measures.json'), 'utf8')) as Measures;
    const report = await stat(join(run, 'report.html'));
    const theirs = await measureByDuckDb(run, join(folder, 'duckdb.json'));
    const { same, other } = compareMeasures(measures, theirs.found);
    return [
      {
        what: 'memory, measures and report',
        found: `${own.peakMiB.toFixed(0)} MiB`,
        aim: { text: `within ${mostMiB} MiB`, isMet: own.peakMiB <= mostMiB },
      },
      {
        what: 'processor time, measures and report',
        found: `${own.processorS.toFixed(1)} s (${own.seconds.toFixed(1)} s by the clock)`,
        aim: {
          text: `less than DuckDB, which has ${theirs.processorS.toFixed(1)} s`,
          isMet: own.processorS < theirs.processorS,
        },
      },
      {
        what: 'memory of DuckDB',
        found: `${theirs.peakMiB.toFixed(0)} MiB`,
        aim: { text: 'more than Ordeal', isMet: own.peakMiB < theirs.peakMiB },
      },
      {
        what: 'DuckDB by the clock',
        found: `${theirs.loadS.toFixed(1)} s to load, ${theirs.queryS.toFixed(1)} s to compute`,
      },
      {
        what: 'numbers of both',
        found: `${same} the same, ${other.length} not`,
        aim: { text: 'all the same', isMet: other.length === 0 },
        ...(other[0] === undefined ? {} : { note: other[0] }),
      },
      { what: 'the report', found: `${(report.size / 1024 ** 2).toFixed(1)} MiB` },
    ];
  },
};
