import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measureSavedRun } from '../../metrics/run/measure-run.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';
import { renderSavedRun } from '../../metrics/report/render-run.ts';
import { renderReport } from '../../metrics/report/report.ts';
import { largeExample } from '../../metrics/report/report.example.ts';
import { exampleDistributions, exampleSeries } from '../../metrics/report/series.example.ts';
import { isKind } from '../../events/event.ts';
import { Browser, type View } from './browser.ts';
import { terminalPicture } from './terminal.ts';

// Makes the pictures of docs/pictures again, from a saved run, and fails where a page is wider than its window.
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write(
    'Name a saved run: npm run pictures -- runs/<id>. It needs chromium, pngquant and pdftoppm.\n',
  );
  process.exit(2);
}

const place = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), 'ordeal-pictures-'));
const run = new SavedRun(resolve(folder));
const measures = await measureSavedRun(run);
const page = join(work, 'report.html');
writeFileSync(page, await renderSavedRun(run, measures));
const largePage = join(work, 'large.html');
writeFileSync(largePage, largeReport());

/** The trial that has most to show: a repair, else a detection, else the first with a fault. */
const response = (trial: (typeof measures.trials)[number]): number =>
  trial.infrastructure.response?.recovered === true
    ? 2
    : trial.infrastructure.response?.detected === true
      ? 1
      : 0;
const [telling] = measures.trials
  .filter(({ fault }) => fault !== undefined)
  .toSorted((one, other) => response(other) - response(one));
const trial = `#trial-${telling?.trial ?? ''}`;

const wide = { width: 1600, height: 1000, dark: false } as const;
const narrow = { width: 400, height: 900, dark: false } as const;
const views: Readonly<Record<string, readonly [string, View]>> = {
  'report-wide-light': [page, wide],
  'report-wide-dark': [page, { ...wide, dark: true }],
  'report-narrow': [page, narrow],
  'drawings-by-cell': [page, { ...wide, at: '#unavailability' }],
  'trial-wide': [page, { ...wide, height: 1100, at: trial }],
  'trial-narrow-dark': [page, { ...narrow, dark: true, at: trial }],
  'many-trials': [largePage, { ...wide, at: '#summary' }],
};

const browser = await Browser.start();
try {
  for (const file of [page, largePage]) {
    for (const width of [400, 1600]) await refuseOverflow(file, width);
  }
  for (const [name, [file, view]] of Object.entries(views)) keep(name, await browser.picture(file, view));
  const events = await run.events();
  const atRevert = (id: string | undefined): number =>
    (events.find((event) => event.trial === id && isKind(event, 'injection.reverted'))?.wallUs ?? 0) -
    200_000;
  const wideTerminal = { columns: 110, rows: 13, colours: true };
  keep('terminal-wide', await terminalPicture(run.directory, atRevert(telling?.trial), wideTerminal));
  const lastTrial = measures.trials.findLast(({ fault }) => fault !== undefined);
  const narrowTerminal = { columns: 60, rows: 24, colours: false };
  keep('terminal-narrow', await terminalPicture(run.directory, atRevert(lastTrial?.trial), narrowTerminal));
  const pdf = join(work, 'report.pdf');
  writeFileSync(pdf, await browser.paper(page));
  execFileSync('pdftoppm', [
    '-png',
    '-r',
    '70',
    '-f',
    '1',
    '-l',
    '1',
    '-singlefile',
    pdf,
    join(work, 'paper'),
  ]);
  shrink(join(work, 'paper.png'), 'paper');
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}

async function refuseOverflow(file: string, width: number): Promise<void> {
  await browser.open(file, { width, height: 900, dark: false });
  const found = await browser.evaluate('document.documentElement.scrollWidth');
  if (typeof found !== 'number' || found > width)
    throw new Error(`${file} is ${String(found)} wide in a window of ${width}`);
}

function keep(name: string, png: Buffer): void {
  const file = join(work, `${name}.png`);
  writeFileSync(file, png);
  shrink(file, name);
}

function shrink(file: string, name: string): void {
  execFileSync('pngquant', ['--force', '--strip', '--output', join(place, `${name}.png`), '48', file]);
}

/** Made data: nobody ran it. */
function largeReport(): string {
  const large = largeExample(360);
  const drawn = large.trials.filter(({ service }) => service !== undefined).map(({ trial: id }) => id);
  return renderReport({
    measures: large,
    series: new Map(drawn.map((id) => [id, exampleSeries(6_420_000, 0.4)])),
    distributions: new Map(drawn.map((id) => [id, exampleDistributions(0.4, 0)])),
    provenance: {},
  });
}
