import type { FaultResponse, Latency } from '../measures/infrastructure-measures.ts';
import type { TrialMeasures, WindowMeasures } from '../measures/measures.ts';
import { csvText, type CsvColumn } from './csv-text.ts';

type Column = CsvColumn<TrialMeasures>;

/** One line a trial; microseconds and requests a second, `failed` and `unknown` as the measures have them. */
export function trialsCsv(trials: readonly TrialMeasures[]): string {
  return csvText(columns, trials);
}

const windows = ['before', 'during', 'after'] as const;

const columns: readonly Column[] = [
  { title: 'trial', cell: ({ trial }) => trial },
  { title: 'attempt', cell: ({ attempt }) => attempt },
  { title: 'repetition', cell: ({ repetition }) => repetition },
  { title: 'seed', cell: ({ seed }) => seed },
  { title: 'fault', cell: ({ fault }) => fault?.name },
  { title: 'intensity', cell: ({ fault }) => fault?.intensity },
  { title: 'cell', cell: ({ fault }) => fault?.cell },
  { title: 'mechanism', cell: ({ fault }) => fault?.mechanism },
  { title: 'rootCause', cell: ({ fault }) => fault?.rootCause },
  { title: 'weight', cell: ({ fault }) => fault?.weight },
  { title: 'targets', cell: ({ fault }) => fault?.targets.join(' ') },
  { title: 'outcome', cell: ({ outcome }) => outcome },
  { title: 'outcomeOfFault', cell: ({ outcomeOfFault }) => outcomeOfFault?.is },
  { title: 'verdict', cell: ({ verdict }) => verdict },
  { title: 'reasons', cell: ({ reasons }) => reasons.join('; ') },
  { title: 'valid', cell: ({ valid }) => valid },
  { title: 'final', cell: ({ final }) => final },
  { title: 'activated', cell: ({ activated }) => activated },
  ...windows.flatMap((name): Column[] => {
    const own = (of: (window: WindowMeasures) => string | number): Column['cell'] => {
      return ({ service }) => service && of(service[name]);
    };
    return [
      { title: `${name}.requests`, cell: own(({ requests }) => requests) },
      {
        title: `${name}.failed`,
        cell: own(({ failed }) => failed.timeout + failed.refused + failed.error + failed.wrong),
      },
      { title: `${name}.l50Us`, cell: own(({ latency }) => latency.l50Us) },
      { title: `${name}.l90Us`, cell: own(({ latency }) => latency.l90Us) },
      { title: `${name}.throughputPerS`, cell: own(({ throughputPerS }) => throughputPerS) },
    ];
  }),
  { title: 'unavailabilityUs', cell: ({ service }) => service?.unavailability.us },
  { title: 'serviceBack', cell: ({ service }) => service?.unavailability.recovered },
  { title: 'longestOutageUs', cell: ({ service }) => service?.unavailability.longestUs },
  { title: 'finalRecoveryUs', cell: ({ service }) => service?.unavailability.finalRecoveryUs },
  { title: 'degraded', cell: ({ degradation }) => degradation.degraded },
  response('detected', ({ detected }) => detected),
  response('detectionFromEffectUs', ({ latencyFromEffect }) => latencyFromEffect?.us),
  response('detectionFromInjectionUs', ({ latencyFromInjection }) => latencyFromInjection?.us),
  response('detectionIsBound', ({ latencyFromInjection }) => latencyFromInjection?.isBound),
  response('repaired', ({ repaired }) => repaired),
  response('recovered', ({ recovered }) => recovered),
  response('by', ({ by }) => by),
  response('recoveryUs', ({ recoveryLatency }: { recoveryLatency?: Latency }) => recoveryLatency?.us),
  response('healedOnRemoval', ({ healedOnRemoval }) => healedOnRemoval),
  { title: 'falsePositives', cell: ({ infrastructure }) => infrastructure.falsePositives.length },
  { title: 'wrongComponents', cell: ({ infrastructure }) => infrastructure.wrongComponents.length },
  { title: 'samples', cell: ({ samples }) => samples.rows },
  { title: 'sha256', cell: ({ samples }) => samples.sha256 },
];

function response(
  title: string,
  of: (response: FaultResponse) => string | number | boolean | undefined,
): Column {
  return { title, cell: ({ infrastructure }) => infrastructure.response && of(infrastructure.response) };
}
