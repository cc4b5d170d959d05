import { load, madeAttempt, madeFault, second } from './made-attempt.example.ts';
import type { FaultFacts, TrialMeasures } from './measures.ts';
import { measureAttempt } from './trial.ts';

const made = load(100 * second, 166 * second, 10);
const [faulty, golden] = [false, true].map((isGolden) =>
  measureAttempt(madeAttempt({ made, golden: isGolden, slo: { unavailabilityUs: 5 * second } })),
);

interface Came {
  /** Of the fault; absent in a golden run. */
  readonly cell?: string;
  readonly repetition?: number;
  readonly l90Us?: number | 'failed' | 'unknown';
  readonly throughputPerS?: number;
  readonly us?: number;
  readonly recovered?: boolean;
  readonly changes?: Partial<TrialMeasures>;
}

/** A trial that came to the given numbers; what is not given is as in a trial in which nothing happened. */
export function madeTrialMeasures(id: string, came: Came): TrialMeasures {
  const { cell, repetition = 1, l90Us, throughputPerS, us, recovered, changes } = came;
  const base = cell === undefined ? golden : faulty;
  if (base?.service === undefined) throw new Error('the made trial has no service');
  const { after, unavailability } = base.service;
  const facts: FaultFacts | undefined =
    cell === undefined
      ? undefined
      : { ...madeFault, cell, layer: cell.split('.')[0] ?? '', targets: ['host-1/container/web'] };
  return {
    ...base,
    trial: id,
    repetition,
    ...(facts === undefined ? {} : { fault: facts }),
    service: {
      ...base.service,
      after: {
        ...after,
        latency: { ...after.latency, l90Us: l90Us ?? after.latency.l90Us },
        throughputPerS: throughputPerS ?? after.throughputPerS,
      },
      unavailability: {
        ...unavailability,
        us: us ?? unavailability.us,
        recovered: recovered ?? unavailability.recovered,
      },
    },
    ...changes,
  };
}
