import type { Measures } from '../../metrics/measures/measures.ts';

/** What DuckDB found: of each trial and window, and of each trial that had an outage; trials by their place. */
export interface Found {
  readonly windows: readonly Readonly<Record<string, number>>[];
  readonly outages: readonly Readonly<Record<string, number>>[];
}

/** As the queries have a percentile that falls on a failure. */
const failed = 1e300;

/** How many numbers of the two are the same, and which are not. */
export function compareMeasures(measures: Measures, found: Found): { same: number; other: string[] } {
  const other: string[] = [];
  let same = 0;
  const expect = (what: string, own: number, theirs: number | undefined): void => {
    if (own === theirs) same += 1;
    else other.push(`${what}: ${own} and ${theirs ?? 'nothing'}`);
  };
  const ranked = (value: number | 'failed' | 'unknown'): number =>
    typeof value === 'number' ? value : failed;
  for (const [place, { trial, service }] of measures.trials.entries()) {
    if (service === undefined) continue;
    const outage = found.outages.find((one) => one['trial'] === place);
    expect(`${trial} U`, service.unavailability.us, outage?.['us'] ?? 0);
    expect(`${trial} outages`, service.unavailability.outages.length, outage?.['outages'] ?? 0);
    for (const [w, name] of (['before', 'during', 'after'] as const).entries()) {
      const own = service[name];
      const theirs = found.windows.find((one) => one['trial'] === place && one['w'] === w) ?? {};
      const successes = (theirs['requests'] ?? 0) - (theirs['failures'] ?? 0);
      const of = (what: string): string => `${trial} ${name} ${what}`;
      expect(of('requests'), own.requests, theirs['requests']);
      expect(of('throughput'), Number(own.throughputPerS), (successes * 1e6) / (own.toUs - own.fromUs));
      expect(of('L50'), ranked(own.latency.l50Us), theirs['l50']);
      expect(of('L90'), ranked(own.latency.l90Us), theirs['l90']);
      expect(of('L50 of successes'), ranked(own.successLatency.l50Us), theirs['success50']);
      expect(of('L90 of successes'), ranked(own.successLatency.l90Us), theirs['success90']);
      expect(of('L50 from the send'), ranked(own.sentLatency.l50Us), theirs['sent50']);
      expect(of('L90 from the send'), ranked(own.sentLatency.l90Us), theirs['sent90']);
    }
  }
  return { same, other };
}
