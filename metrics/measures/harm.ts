import { some, type Maybe } from './maybe.ts';
import type { Degradation, ServiceMeasures } from './measures.ts';

/** Whether users felt a fault at all: by an outage, by wrong answers, or by a service that was slower or less while it was there or after it. */
export function isHarmed(service: ServiceMeasures | undefined, degradation: Degradation): Maybe {
  if (service === undefined) return 'unknown';
  const { outages, unknownUs } = service.unavailability;
  const failed = outages.length > 0 ? true : unknownUs > 0 ? 'unknown' : false;
  return some(failed, isAnsweredWrongly(service), isDegraded(degradation));
}

/** Answers that were wrong before the fault already say nothing of it. */
export function isAnsweredWrongly({ before, during, after }: ServiceMeasures): Maybe {
  if (before.failed.wrong > 0) return 'unknown';
  return during.failed.wrong + after.failed.wrong > 0;
}

export function isDegraded({ degraded, degradedDuring }: Degradation): Maybe {
  return some(degraded, degradedDuring);
}
