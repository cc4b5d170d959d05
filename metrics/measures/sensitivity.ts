import type { Definition } from '../../campaign/definition.ts';
import { comparedValue } from './compared.ts';
import type { ChangedConclusion, SensitiveConclusions } from './comparison-measures.ts';
import { compareIn } from './comparisons.ts';
import { unavailabilityVerdict } from './judgements.ts';
import type { SensitiveUnavailability, TrialMeasures } from './measures.ts';

type Definitions = Pick<Definition, 'slo' | 'bootstrapSeed'>;

/** What would be concluded otherwise with the window or the rate of U halved or doubled. */
export function sensitivityOf(
  trials: readonly TrialMeasures[],
  definition: Definitions,
): SensitiveConclusions[] {
  const variants = trials.find(({ service }) => service !== undefined)?.service?.unavailability.sensitivity;
  return (variants ?? []).map(({ windowUs, errorRate }) => {
    const by = ({ service }: TrialMeasures): SensitiveUnavailability | undefined =>
      service?.unavailability.sensitivity.find(
        (other) => other.windowUs === windowUs && other.errorRate === errorRate,
      );
    return {
      windowUs,
      errorRate,
      changed: [
        ...trials.flatMap((trial) => changedOfTrial(trial, by(trial), definition)),
        ...changedOfCells(trials, by, definition),
      ],
    };
  });
}

function changedOfTrial(
  { trial, valid, service, judgements }: TrialMeasures,
  other: SensitiveUnavailability | undefined,
  { slo }: Definitions,
): ChangedConclusion[] {
  if (!valid || service === undefined || other === undefined) return [];
  const { recovered, unknownUs } = service.unavailability;
  const own = judgements.find(({ measure }) => measure === 'unavailability')?.verdict;
  const to =
    slo.unavailabilityUs === undefined
      ? own
      : unavailabilityVerdict({ ...other, unknownUs }, slo.unavailabilityUs);
  return [
    ...(own === undefined || to === undefined || own === to
      ? []
      : [{ of: 'verdict', trial, from: own, to } as const]),
    ...(recovered === other.recovered
      ? []
      : [{ of: 'recovered', trial, from: recovered, to: other.recovered } as const]),
  ];
}

function changedOfCells(
  trials: readonly TrialMeasures[],
  by: (trial: TrialMeasures) => SensitiveUnavailability | undefined,
  { bootstrapSeed }: Definitions,
): ChangedConclusion[] {
  const own = compareIn(trials, 'cell', 'unavailability', bootstrapSeed);
  const others = compareIn(trials, 'cell', 'unavailability', bootstrapSeed, (trial) => {
    const other = by(trial);
    // What nobody knows by one window nobody knows by another.
    if (other === undefined || comparedValue(trial, 'unavailability') === undefined) return undefined;
    return other.recovered ? other.us : Infinity;
  });
  return own.flatMap(({ name, distinguishable: from }) => {
    const to = others.find((other) => other.name === name)?.distinguishable ?? 'unknown';
    return from === to ? [] : [{ of: 'distinguishable', cell: name, from, to } as const];
  });
}
