import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { together, type WindowDistributions } from './distribution.ts';
import { markup, type Markup } from './markup.ts';
import { type LatencyAxis, stripLegend, strips } from './strips.ts';

/** Latencies of each cell and of the golden runs, on the axis that every trial is drawn on as well. */
export function latencySection(
  { trials, groups }: Measures,
  distributions: ReadonlyMap<string, WindowDistributions>,
  axis: LatencyAxis,
): Markup {
  const of = (belongs: (trial: TrialMeasures) => boolean): WindowDistributions[] =>
    trials.flatMap((trial) => {
      const own = distributions.get(trial.trial);
      return trial.valid && belongs(trial) && own !== undefined ? [own] : [];
    });
  const cells = groups.filter(({ by }) => by === 'cell').map(({ name }) => name);
  const drawn = [
    ...cells.map((cell) => ({ name: cell, all: of(({ fault }) => fault?.cell === cell) })),
    { name: 'golden runs', all: of(({ fault }) => fault === undefined) },
  ]
    .filter(({ all }) => all.length > 0)
    .map(({ name, all }) => ({
      name: `${name} (${all.length} ${all.length === 1 ? 'trial' : 'trials'})`,
      windows: joined(all),
    }));
  return markup`<section>
<h2 id="latency">Latency before, during and after the fault</h2>
${drawn.length === 0 ? markup`<p>There are no samples of valid trials to draw.</p>` : strips(`All requests of the valid trials of a cell, by the instant of their intended send. ${stripLegend}`, drawn, axis)}
</section>`;
}

function joined(all: readonly WindowDistributions[]): WindowDistributions {
  return {
    before: together(all.map(({ before }) => before)),
    during: together(all.map(({ during }) => during)),
    after: together(all.map(({ after }) => after)),
  };
}
