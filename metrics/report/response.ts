import type { FaultResponse, Latency, Notice } from '../measures/infrastructure-measures.ts';
import type { TrialMeasures } from '../measures/measures.ts';
import { offset, span, yesNo } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

/** What the infrastructure noticed of a fault and did about it, and the lines that say so. */
export function responseTables({ infrastructure, instants }: TrialMeasures): Markup {
  const { response, falsePositives, wrongComponents } = infrastructure;
  const zeroUs = instants?.injectUs ?? 0;
  const lines = [
    ...read('detection', response?.detection),
    ...read('repair begun', response?.begun),
    ...read('repair done', response?.done),
    ...wrongComponents.flatMap((notice) => read('detection, but it names another component', notice)),
    ...falsePositives.flatMap((notice) => read('false alarm', notice)),
  ].toSorted((one, other) => one.notice.atUs - other.notice.atUs);
  return markup`${response === undefined || !asked(response) ? undefined : table('Detection and recovery', answerColumns, answers(response))}
${lines.length === 0 ? undefined : table('In the infrastructure’s own words', lineColumns(zeroUs), lines)}`;
}

interface Line {
  readonly meaning: string;
  readonly notice: Notice;
}

function read(meaning: string, notice: Notice | undefined): Line[] {
  return notice === undefined ? [] : [{ meaning, notice }];
}

/** Where nothing was watched every answer is unknown, which is said once, among the doubts. */
function asked({ detected, harmed, healedOnRemoval }: FaultResponse): boolean {
  return [detected, harmed, healedOnRemoval].some((answer) => answer !== 'unknown');
}

type Answer = readonly [question: string, answer: string];

const answerColumns: readonly Column<Answer>[] = [
  { title: 'Asked', cell: ([question]) => question },
  { title: 'Found', cell: ([, answer]) => answer },
];

function answers(response: FaultResponse): Answer[] {
  const { detected, harmed, repaired, inTime, restored, recovered, by, healedOnRemoval } = response;
  const repairs: Answer[] =
    detected === true
      ? [
          ['Repair begun and done', yesNo(repaired)],
          ['In time', yesNo(inTime)],
          ['Service as before it', yesNo(restored)],
          ['Recovered', `${yesNo(recovered)}${by === undefined ? '' : `, by the ${by}`}`],
        ]
      : [];
  return [
    ['Harm to the service', yesNo(harmed)],
    ['Detected', yesNo(detected)],
    ...timed('FDL, from the first effect', response.latencyFromEffect),
    ...timed('FDL, from the injection', response.latencyFromInjection),
    ...repairs,
    ...timed('FRL', response.recoveryLatency),
    ['Healed on removal', yesNo(healedOnRemoval)],
  ];
}

function timed(question: string, latency: Latency | undefined): Answer[] {
  return latency === undefined ? [] : [[question, latencyText(latency)]];
}

function latencyText({ us, errorUs, isBound }: Latency): string {
  if (isBound) return `at most ${span(us)}`;
  return `${span(us)} ± ${span(errorUs)}`;
}

function lineColumns(zeroUs: number): Column<Line>[] {
  return [
    {
      title: 'From the injection',
      numeric: true,
      cell: ({ notice }) =>
        markup`<span class="name">${offset(notice.atUs - zeroUs)}</span> <small>± ${span(notice.errorUs)}${notice.stamped ? '' : ', when it was read'}</small>`,
    },
    { title: 'Read as', cell: ({ meaning }) => meaning },
    { title: 'By', cell: ({ notice }) => notice.by },
    { title: 'From', cell: ({ notice }) => `${notice.watch} on ${notice.host}` },
    { title: 'Rule', cell: ({ notice }) => notice.rule },
    { title: 'Line', wide: true, cell: ({ notice }) => markup`<code>${notice.text}</code>` },
  ];
}
