import type { Maybe } from './maybe.ts';
import type { TrialMeasures } from './measures.ts';
import { isAnsweredWrongly, isDegraded } from './harm.ts';

/** What came of a fault, from the worst to the best; then those of which nothing can be said. docs/outcome-classes.md defines each. */
export const outcomeClasses = [
  'wrong-answers',
  'not-recovered',
  'host-crash',
  'recovered-on-removal',
  'recovered-by-unknown',
  'recovered-by-management',
  'recovered-by-node',
  'degraded',
  'masked',
  'no-effect',
  'not-activated',
  'unknown',
] as const;

export type OutcomeClass = (typeof outcomeClasses)[number];

export interface OutcomeOfFault {
  readonly is: OutcomeClass;
  /** Only of what is unknown. */
  readonly because?: string;
}

/** Undefined for a golden run, of which nothing is to come. The first that holds is its class. */
export function outcomeOfFault(trial: TrialMeasures): OutcomeOfFault | undefined {
  const { fault, activated, valid, injections, service, absences, infrastructure } = trial;
  if (fault === undefined) return undefined;
  const wasThere = injections.some(({ activeUs }) => activeUs !== undefined);
  if (wasThere && activated === false) return { is: 'not-activated' };
  if (!valid) return unknown('the trial does not count');
  if (service === undefined) return unknown('nobody knows when the fault was there');
  const { unavailability } = service;
  const wrong = isAnsweredWrongly(service);
  if (wrong === 'unknown') return unknown('answers were wrong before the fault already');
  if (wrong) return { is: 'wrong-answers' };
  if (!unavailability.recovered) return { is: 'not-recovered' };
  if (absences.some(({ fate }) => fate === 'crashed')) return { is: 'host-crash' };
  const { repaired, by, healedOnRemoval, detected } = infrastructure.response ?? nothingKnown;
  if (unavailability.outages.length > 0) {
    if (repaired === true && by !== undefined) return { is: `recovered-by-${by}` };
    return { is: healedOnRemoval === true ? 'recovered-on-removal' : 'recovered-by-unknown' };
  }
  if (unavailability.unknownUs > 0) return unknown('for a time nothing was sent that could have failed');
  const degraded = isDegraded(trial.degradation);
  if (degraded === 'unknown') return unknown('nobody knows whether the service was degraded');
  if (degraded) return { is: 'degraded' };
  if (detected === 'unknown') return unknown('nobody knows whether the infrastructure noticed the fault');
  return { is: detected ? 'masked' : 'no-effect' };
}

const nothingKnown: {
  readonly detected: Maybe;
  readonly repaired: Maybe;
  readonly healedOnRemoval: Maybe;
  readonly by?: 'node' | 'management';
} = { detected: 'unknown', repaired: 'unknown', healedOnRemoval: 'unknown' };

function unknown(because: string): OutcomeOfFault {
  return { is: 'unknown', because };
}
