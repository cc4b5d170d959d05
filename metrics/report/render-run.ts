import { Clocks } from '../measures/clocks.ts';
import type { Measures } from '../measures/measures.ts';
import { RunHistory } from '../run/run-history.ts';
import type { SavedRun } from '../run/saved-run.ts';
import { distributionsOf, type WindowDistributions } from './distribution.ts';
import { renderReport } from './report.ts';
import { seriesOf, type ClockedSamples, type Series } from './series.ts';

/** The report of a saved run. One attempt at a time has its samples in memory. */
export async function renderSavedRun(run: SavedRun, measures: Measures): Promise<string> {
  const history = await RunHistory.read(run);
  const series = new Map<string, Series>();
  const distributions = new Map<string, WindowDistributions>();
  for (const { trial, attempt, instants } of measures.trials) {
    const counted = history.attempts.find((other) => other.trial === trial && other.attempt === attempt);
    if (instants === undefined || counted === undefined) continue;
    const clocks = new Clocks(counted.events);
    const samples = (await run.samples(trial, attempt)).flatMap(({ header, columns }): ClockedSamples[] => {
      const clock = clocks.of(header);
      return clock === undefined
        ? []
        : [{ columns, toReferenceUs: (hostUs) => clock.toReference(hostUs).atUs }];
    });
    if (samples.length === 0) continue;
    series.set(trial, seriesOf(samples, { fromUs: instants.startUs, untilUs: instants.endUs }));
    distributions.set(trial, distributionsOf(samples, instants));
  }
  return renderReport({ measures, series, distributions, provenance: history.started.body.provenance });
}
