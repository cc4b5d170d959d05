import type { Definition } from '../../campaign/definition.ts';
import { percent, perSecond, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { table } from './table.ts';

/** All that the numbers depend on beside events and samples. */
export function definitionSection(definition: Definition): Markup {
  const { rules } = definition;
  return markup`<section>
<h2 id="definitions">Definitions</h2>
<dl>${entries(definition).map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
${rules.length === 0 ? undefined : table('Rules by which the logs of the infrastructure are read', ruleColumns, rules)}
</section>`;
}

type RuleRow = Definition['rules'][number];

const ruleColumns = [
  { title: 'Rule', cell: ({ name }: RuleRow) => name },
  { title: 'Source', cell: ({ source }: RuleRow) => source },
  { title: 'Pattern', cell: ({ pattern }: RuleRow) => markup`<code>${pattern}</code>` },
  { title: 'Means', cell: ({ means, by }: RuleRow) => `${means}, by ${by}` },
];

function entries({
  timeoutUs,
  unavailability,
  slo,
  tolerance,
  bootstrapSeed,
}: Definition): [string, string][] {
  const { windowUs, errorRate, limitsUs } = unavailability;
  const demanded = (value: number | undefined, show: (value: number) => string): string =>
    value === undefined ? 'not demanded' : show(value);
  return [
    ['Timeout of a request', `${span(timeoutUs)} from its intended send`],
    ['An outage', `more than ${percent(errorRate)} of the requests fail, over windows of ${span(windowUs)}`],
    ['Limits of interruption', limitsUs.map(span).join(', ')],
    ['L50 demanded', demanded(slo.l50Us, (us) => `at most ${span(us)}`)],
    ['L90 demanded', demanded(slo.l90Us, (us) => `at most ${span(us)}`)],
    ['Throughput demanded', demanded(slo.throughputPerS, (rate) => `at least ${perSecond(rate)}`)],
    ['Unavailability demanded', demanded(slo.unavailabilityUs, (us) => `at most ${span(us)}`)],
    [
      'Degraded',
      `L90 worse by more than ${percent(tolerance.latency)}, or throughput by more than ${percent(tolerance.throughput)}`,
    ],
    ['Seed of the bootstrap', String(bootstrapSeed)],
  ];
}
