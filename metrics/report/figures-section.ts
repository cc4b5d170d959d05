import { compareText } from '../measures/canonical.ts';
import type { Compared } from '../measures/comparison-measures.ts';
import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';
import { profile, type ProfileGroup } from './profile.ts';

/** The thesis's figures: unavailability, latency and throughput under each fault, by layer, and within a layer by target. */
export function figuresSection(measures: Measures): Markup {
  const { trials } = measures;
  const golden = trials.filter(({ fault }) => fault === undefined);
  const groups = groupsOf(measures);
  return markup`<section>
<h2 id="figures">Every fault, by layer and target</h2>
${
  groups.length === 0
    ? markup`<p>No trial with a fault was begun.</p>`
    : markup`<figure>${profile(groups, golden)}
<figcaption>A dot is the median of the valid trials, with its 95% bootstrap interval; the stroke is the worst of them. At ∞ more than half of the trials, or the worst, have no finite value: the service did not come back, or the percentile falls on a failed request. The band is the interval of the golden runs' median. A full dot: the cell can be told from the golden runs; an open one: it can not, or that is not known.</figcaption></figure>`
}
</section>`;
}

function groupsOf({ trials, comparisons }: Measures): ProfileGroup[] {
  const byGroup = new Map<string, Map<string, TrialMeasures[]>>();
  for (const trial of trials) {
    if (trial.fault === undefined) continue;
    const { layer, element, targets, cell } = trial.fault;
    const group = `${layer} layer, ${element ?? targets.join(' and ')}`;
    const cells = byGroup.get(group) ?? new Map<string, TrialMeasures[]>();
    cells.set(cell, [...(cells.get(cell) ?? []), trial]);
    byGroup.set(group, cells);
  }
  const told = (cell: string): Set<Compared> =>
    new Set(
      comparisons
        .filter(({ by, name, distinguishable }) => by === 'cell' && name === cell && distinguishable === true)
        .map(({ measure }) => measure),
    );
  return [...byGroup]
    .toSorted(([one], [other]) => compareText(one, other))
    .map(([title, cells]) => ({
      title,
      rows: [...cells]
        .toSorted(([one], [other]) => compareText(one, other))
        .map(([cell, own]) => ({
          label: cell.split('.').slice(1).join(' '),
          trials: own,
          distinguishable: told(cell),
        })),
    }));
}
