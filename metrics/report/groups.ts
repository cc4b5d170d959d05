import type { GroupMeasures, Measures, Proportion } from '../measures/measures.ts';
import { latency, percent, perSecond, span } from './format.ts';
import { limitText, measureTitles } from './limit.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

const kinds: Readonly<Record<GroupMeasures['by'], string>> = {
  all: 'All trials with a fault',
  golden: 'Golden runs',
  cell: 'Cell',
  layer: 'Layer',
  'root-cause': 'Root cause',
  target: 'Target',
};

export function groupsSection({ groups }: Measures): Markup {
  return markup`<section>
<h2 id="groups">Groups</h2>
<p>Only valid trials are counted: complete, clean, and with a fault that touched its target. Each share stands with its 95%
Wilson interval.</p>
${table('Performance against the references', [naming, counted, ...exceedingColumns(groups), ...performance], groups)}
${table('Interruptions', [naming, counted, ...interruptions, ...limitColumns(groups)], groups)}
</section>`;
}

const naming: Column<GroupMeasures> = {
  title: 'Group',
  cell: ({ by, name }) => (by === 'all' || by === 'golden' ? kinds[by] : `${kinds[by]}: ${name}`),
};

const counted: Column<GroupMeasures> = {
  title: 'Valid trials',
  numeric: true,
  cell: ({ valid, trials }) => `${valid} of ${trials}`,
};

const performance: readonly Column<GroupMeasures>[] = [
  { title: 'Largest L50', numeric: true, cell: ({ maxL50Us }) => latency(maxL50Us) },
  { title: 'Largest L90', numeric: true, cell: ({ maxL90Us }) => latency(maxL90Us) },
  { title: 'Least throughput', numeric: true, cell: ({ minThroughputPerS }) => perSecond(minThroughputPerS) },
  { title: 'Degraded', numeric: true, cell: ({ degraded }) => shares(degraded) },
];

const interruptions: readonly Column<GroupMeasures>[] = [
  { title: 'Not recovered', numeric: true, cell: ({ notRecovered }) => shares(notRecovered) },
  {
    title: 'mean',
    under: 'U of those that recovered',
    numeric: true,
    cell: (group) => duration(group.meanUnavailabilityUs),
  },
  {
    title: 'weighted mean',
    under: 'U of those that recovered',
    numeric: true,
    cell: (group) => duration(group.weightedMeanUnavailabilityUs),
  },
  {
    title: 'maximum',
    under: 'U of those that recovered',
    numeric: true,
    cell: (group) => duration(group.maxUnavailabilityUs),
  },
];

/** Every group has the same demands; those of the first are the columns. */
function exceedingColumns(groups: readonly GroupMeasures[]): Column<GroupMeasures>[] {
  return (groups[0]?.exceeding ?? []).map(({ measure, demanded }) => ({
    title: `${measureTitles[measure]} ${limitText(measure, demanded)}`,
    under: 'Trials that break the reference',
    numeric: true,
    cell: ({ exceeding }) => {
      const own = exceeding.find((one) => one.measure === measure);
      return own === undefined ? 'unknown' : shares(own.trials);
    },
  }));
}

function limitColumns(groups: readonly GroupMeasures[]): Column<GroupMeasures>[] {
  return (groups[0]?.limits ?? []).map(({ limitUs }) => ({
    title: span(limitUs),
    under: 'Trials interrupted for longer than',
    numeric: true,
    cell: ({ limits }) => {
      const own = limits.find((one) => one.limitUs === limitUs);
      return own === undefined ? 'unknown' : shares(own.above);
    },
  }));
}

/** k of n; the share with its interval under it, and the weighted one where the weights make a difference. */
function shares({ k, n, share, weighted, low, high }: Proportion): Markup | string {
  if (share === 'unknown') return share;
  const weights =
    weighted === share ? undefined : markup`<div><small>weighted ${percent(weighted)}</small></div>`;
  return markup`<div>${k} of ${n}</div><div><small>${percent(share)} (${percent(low)} to ${percent(high)})</small></div>${weights}`;
}

function duration(us: number | 'unknown'): string {
  return us === 'unknown' ? us : span(us);
}
