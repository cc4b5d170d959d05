import { isKind, type Event } from '../../events/event.ts';
import { Clocks } from '../measures/clocks.ts';
import type { Measures, TrialMeasures } from '../measures/measures.ts';
import type { SavedRun } from '../run/saved-run.ts';
import { renderReport } from './report.ts';
import { type ClockedSamples, type Series, seriesOf } from './series.ts';

/** The report of a saved run, from its measures, its events and its samples. The samples of one trial at a time are in memory. */
export async function renderSavedRun(run: SavedRun, measures: Measures): Promise<string> {
  const events = await run.events();
  const series = new Map<string, Series>();
  for (const trial of measures.trials) {
    const own = await trialSeries(run, trial, events);
    if (own !== undefined) series.set(trial.trial, own);
  }
  const started = events.find((event): event is Event<'campaign.started'> =>
    isKind(event, 'campaign.started'),
  );
  return renderReport({ measures, series, provenance: started?.body.provenance ?? {} });
}

/** Undefined where there is nothing to draw, or no telling when it was. */
async function trialSeries(
  run: SavedRun,
  { trial, attempt, instants }: TrialMeasures,
  events: readonly Event[],
): Promise<Series | undefined> {
  if (instants === undefined) return undefined;
  // Of this attempt alone: a host that was started again since has a monotonic clock that began anew.
  const clocks = new Clocks(events.filter((event) => event.trial === trial && event.attempt === attempt));
  const samples: ClockedSamples[] = [];
  for (const { header, columns } of await run.samples(trial, attempt)) {
    const clock = clocks.of(header.host);
    if (clock === undefined) return undefined;
    samples.push({ columns, toReferenceUs: (hostUs) => clock.toReference(hostUs).atUs });
  }
  if (samples.length === 0) return undefined;
  return seriesOf(samples, { fromUs: instants.startUs, untilUs: instants.endUs });
}
