import type { GroupMeasures, Measures } from '../measures/measures.ts';
import { latency, perSecond, span } from './format.ts';
import { groupName } from './group-name.ts';
import { limitText, measureTitles } from './limit.ts';
import { markup, type Markup } from './markup.ts';
import { shares } from './share.ts';
import { type Column, table } from './table.ts';

export function groupsSection({ groups }: Measures): Markup {
  return markup`<section>
<h2 id="groups">The service, by group</h2>
<p>Only valid trials are counted: complete, clean, and with a fault that touched its target. Each share stands with its 95%
Wilson interval.</p>
${table('Performance against the references', [naming, counted, ...exceedingColumns(groups), ...performance], groups)}
${table('Interruptions', [naming, counted, ...interruptions], groups)}
${table('Limits of interruption', [naming, counted, ...limitColumns(groups)], groups)}
${table('Time from the injection to the final recovery of the service', [naming, ...finalRecovery], groups)}
</section>`;
}

const naming: Column<GroupMeasures> = {
  title: 'Group',
  cell: groupName,
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

/** "Never" is longer than was looked, neither infinite nor left out: Kaplan-Meier. */
const finalRecovery: readonly Column<GroupMeasures>[] = [
  {
    title: 'Recovered',
    numeric: true,
    cell: ({ timeToRecovery: { n, recovered } }) => `${recovered} of ${n}`,
  },
  {
    title: 'Median',
    numeric: true,
    cell: ({ timeToRecovery: { median } }) => (typeof median === 'number' ? span(median) : median),
  },
  {
    title: 'Restricted mean',
    numeric: true,
    cell: ({ timeToRecovery: { restrictedMean: mean } }) =>
      mean === 'unknown'
        ? mean
        : markup`<div>${span(mean.us)}</div><div><small>${span(mean.low)} to ${span(mean.high)}</small></div>`,
  },
  { title: 'Looked for', numeric: true, cell: ({ timeToRecovery }) => duration(timeToRecovery.horizonUs) },
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

function duration(us: number | 'unknown'): string {
  return us === 'unknown' ? us : span(us);
}
