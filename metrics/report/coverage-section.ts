import type { Estimate, LatencySummary } from '../measures/infrastructure-measures.ts';
import type { GroupMeasures, Measures } from '../measures/measures.ts';
import { count, span } from './format.ts';
import { groupName } from './group-name.ts';
import { markup, type Markup } from './markup.ts';
import { shares } from './share.ts';
import { type Column, table } from './table.ts';

type GroupColumn = Column<GroupMeasures>;

/** What the infrastructure noticed and repaired, in shares and in lengths of time. */
export function coverageSection({ groups, definition, trials }: Measures): Markup {
  const faulty = groups.filter(({ by }) => by !== 'golden');
  const golden = groups.find(({ by }) => by === 'golden');
  const falseInGolden = golden?.infrastructure.falsePositives ?? 0;
  if (definition.rules.length === 0) {
    return markup`<section>
<h2 id="coverage">Detection and recovery</h2>
<p>The campaign has no rule by which the infrastructure's own words could be read, so nothing is known of what it detected and repaired.</p>
</section>`;
  }
  return markup`<section>
<h2 id="coverage">Detection and recovery</h2>
<p>What the infrastructure itself said and did, as the rules of the campaign read its logs; never what Ordeal did. Each share stands
with its 95% Wilson interval, each length of time with its 95% bootstrap interval.</p>
${table('Detection coverage', [naming, ...detection], faulty)}
${table('Recovery coverage', [naming, ...recovery], faulty)}
${table('How long the detection took (FDL)', [naming, ...detectionLatency], faulty)}
${table('How long the recovery took, from the detection on (FRL)', [naming, ...recoveryLatency], faulty)}
<p>In golden runs, where there is nothing to detect: ${count(falseInGolden)} false ${falseInGolden === 1 ? 'alarm' : 'alarms'}. In trials that count in no group: ${outside(trials)}.</p>
</section>`;
}

const naming: GroupColumn = { title: 'Group', cell: groupName };

const detection: readonly GroupColumn[] = [
  {
    title: 'of those that were to be detected (FDC)',
    under: 'Detected',
    numeric: true,
    cell: ({ infrastructure }) => shares(infrastructure.detection.coverage),
  },
  {
    title: 'of all injected',
    under: 'Detected',
    numeric: true,
    cell: ({ infrastructure }) => shares(infrastructure.detection.ofInjected),
  },
  {
    title: 'Not known',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.detection.unknown),
  },
  {
    title: 'False alarms',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.falsePositives),
  },
  {
    title: 'Wrong component named',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.wrongComponents),
  },
];

const recovery: readonly GroupColumn[] = [
  {
    title: 'seen in the service (FRC)',
    under: 'Recovered of the detected',
    numeric: true,
    cell: ({ infrastructure }) => shares(infrastructure.recovery.coverage),
  },
  {
    title: 'by the record alone',
    under: 'Recovered of the detected',
    numeric: true,
    cell: ({ infrastructure }) => shares(infrastructure.recovery.recordOnly),
  },
  {
    title: 'by the node',
    under: 'Who recovered',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.recovery.byNode),
  },
  {
    title: 'by management',
    under: 'Who recovered',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.recovery.byManagement),
  },
  {
    title: 'nobody: healed on removal',
    under: 'Who recovered',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.recovery.healedOnRemoval),
  },
  {
    title: 'Not known',
    numeric: true,
    cell: ({ infrastructure }) => count(infrastructure.recovery.unknown),
  },
];

const detectionLatency: readonly GroupColumn[] = [
  ...summaryColumns(
    'From the first effect',
    ({ infrastructure }) => infrastructure.detection.latencyFromEffect,
  ),
  ...summaryColumns(
    'From the injection',
    ({ infrastructure }) => infrastructure.detection.latencyFromInjection,
  ),
];

const recoveryLatency = summaryColumns(
  'From the detection',
  ({ infrastructure }) => infrastructure.recovery.latency,
);

function summaryColumns(under: string, of: (group: GroupMeasures) => LatencySummary): GroupColumn[] {
  return [
    { title: 'n', under, numeric: true, cell: (group) => cases(of(group)) },
    { title: 'median', under, numeric: true, cell: (group) => estimate(of(group).median) },
    { title: 'p90', under, numeric: true, cell: (group) => estimate(of(group).p90) },
    {
      title: 'max',
      under,
      numeric: true,
      cell: (group) => {
        const { maxUs } = of(group);
        return maxUs === 'unknown' ? none : span(maxUs);
      },
    },
  ];
}

/** There is no case, so there is nothing that could be unknown. */
const none = markup`<span class="none">none</span>`;

function cases({ n, bounds }: LatencySummary): Markup {
  return markup`<div>${count(n)}</div>${bounds === 0 ? undefined : markup`<div><small>${count(bounds)} only bounds (at most)</small></div>`}`;
}

function estimate(found: Estimate): Markup {
  if (found === 'unknown') return none;
  return markup`<div>${span(found.us)}</div><div><small>${span(found.low)} to ${span(found.high)}</small></div>`;
}

function outside(trials: Measures['trials']): string {
  const found = trials
    .filter(({ valid, fault }) => !valid && fault !== undefined)
    .reduce((sum, { infrastructure }) => sum + infrastructure.falsePositives.length, 0);
  return `${count(found)} false ${found === 1 ? 'alarm' : 'alarms'}`;
}
