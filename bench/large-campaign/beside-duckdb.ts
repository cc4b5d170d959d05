import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './same-measures.ts';

interface Cost {
  readonly loadS: number;
  readonly queryS: number;
  readonly processorS: number;
  readonly peakMiB: number;
}

const sources = join(import.meta.dirname, '../duckdb');
/** Outside of the checkout: DuckDB is no part of Ordeal, and is there for the next time. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ordeal-bench-duckdb');

/** Has DuckDB compute the same measures of a saved run that is measured already. */
export async function measureByDuckDb(run: string, into: string): Promise<Cost & { found: Found }> {
  const ask = promisify(execFile);
  await mkdir(cache, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'measures.js', 'queries.js'])
    await cp(join(sources, file), join(cache, file));
  // Its programs come as packages for each platform: no script of a package has to run.
  await ask('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: cache });
  const { stdout } = await ask(process.execPath, [join(cache, 'measures.js'), run, into]);
  const cost = JSON.parse(stdout) as Cost;
  return { ...cost, found: JSON.parse(await readFile(into, 'utf8')) as Found };
}
