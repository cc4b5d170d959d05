import type { Slo } from '../../campaign/definition.ts';
import type { Judgement, Percentile, ServiceMeasures, Unavailability, Verdict } from './measures.ts';

/** One for each measure that the campaign demands something of, in the order of the thesis. */
export function judge(service: ServiceMeasures | undefined, slo: Slo): Judgement[] {
  const { latency, throughputPerS } = service?.after ?? unknownWindow;
  return [
    ...atMost('l50', slo.l50Us, latency.l50Us),
    ...atMost('l90', slo.l90Us, latency.l90Us),
    ...throughputOf(slo.throughputPerS, throughputPerS),
    ...unavailabilityOf(slo.unavailabilityUs, service?.unavailability),
  ];
}

const unknownWindow = {
  latency: { l50Us: 'unknown', l90Us: 'unknown' },
  throughputPerS: 'unknown',
} as const;

function atMost(measure: 'l50' | 'l90', demanded: number | undefined, found: Percentile): Judgement[] {
  if (demanded === undefined) return [];
  if (found === 'unknown') return [{ measure, demanded, found, verdict: 'unknown' }];
  const isMet = found !== 'failed' && found <= demanded;
  return [{ measure, demanded, found, verdict: isMet ? 'pass' : 'fail' }];
}

function throughputOf(demanded: number | undefined, found: number | 'unknown'): Judgement[] {
  if (demanded === undefined) return [];
  const verdict = found === 'unknown' ? 'unknown' : found >= demanded ? 'pass' : 'fail';
  return [{ measure: 'throughput', demanded, found, verdict }];
}

function unavailabilityOf(demanded: number | undefined, found: Unavailability | undefined): Judgement[] {
  if (demanded === undefined) return [];
  if (found === undefined)
    return [{ measure: 'unavailability', demanded, found: 'unknown', verdict: 'unknown' }];
  const verdict = unavailabilityVerdict(found, demanded);
  return [{ measure: 'unavailability', demanded, found: found.recovered ? found.us : 'failed', verdict }];
}

/** Stretches of which nothing is known may have been outages, every one: only what would be met even then is met. */
export function unavailabilityVerdict(
  { us, unknownUs, recovered }: Pick<Unavailability, 'us' | 'unknownUs' | 'recovered'>,
  demanded: number,
): Verdict {
  if (!recovered || us > demanded) return 'fail';
  return us + unknownUs <= demanded ? 'pass' : 'unknown';
}
