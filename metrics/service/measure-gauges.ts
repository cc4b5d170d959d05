import { faultTitle } from '../../campaign/fault-title.ts';
import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import type { SampleBatch } from '../../events/samples.ts';
import type { ProcessMetrics } from '../../service/process-metrics.ts';
import type { Latency } from '../measures/infrastructure-measures.ts';
import type { Lateness, TrialMeasures } from '../measures/measures.ts';

/** Older trials are in the saved runs; Prometheus has scraped them long since. */
const trialsShown = 500;

const verdicts = { fail: 0, pass: 1, unknown: -1 } as const;
const windows = ['before', 'during', 'after'] as const;
const failures = outcomes.filter((outcome): outcome is Exclude<Outcome, 'ok'> => outcome !== 'ok');

type OfTrial = Record<'campaign' | 'trial' | 'cell' | 'fault', string>;

interface Shown {
  readonly of: OfTrial;
  readonly measures: TrialMeasures;
}

/** What came in, and the measures of the trials that this process has measured last. What is unknown has no value. */
export class MeasureGauges {
  readonly #shown = new Map<string, Shown>();
  readonly #requests = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]));
  #events = 0;

  constructor(metrics: ProcessMetrics) {
    metrics.value('ordeal_metrics_events_total', () => this.#events);
    metrics.values('ordeal_metrics_samples_total', () =>
      [...this.#requests].map(([outcome, value]) => ({ labels: { outcome }, value })),
    );
    this.#serviceMeasures(metrics);
    this.#faultMeasures(metrics);
  }

  tookEvent(): void {
    this.#events += 1;
  }

  tookSamples({ columns }: SampleBatch): void {
    for (const index of columns.outcome) {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#requests.set(outcome, (this.#requests.get(outcome) ?? 0) + 1);
    }
  }

  /** A later measurement of the same trial takes the place of the earlier one. */
  set(campaign: string, measures: TrialMeasures): void {
    const { trial, fault } = measures;
    const key = `${campaign}/${trial}`;
    this.#shown.delete(key);
    this.#shown.set(key, {
      of: { campaign, trial, cell: fault?.cell ?? '', fault: fault === undefined ? '' : faultTitle(fault) },
      measures,
    });
    for (const oldest of this.#shown.keys()) {
      if (this.#shown.size <= trialsShown) break;
      this.#shown.delete(oldest);
    }
  }

  #serviceMeasures(metrics: ProcessMetrics): void {
    metrics.values('ordeal_trial_verdict', () =>
      this.#each(({ verdict }) => [{ labels: {}, value: verdicts[verdict] }]),
    );
    metrics.values('ordeal_trial_unavailability_seconds', () =>
      this.#each(({ service }) => readings({}, seconds(service?.unavailability.us))),
    );
    metrics.values('ordeal_trial_recovered', () =>
      this.#each(({ service }) => readings({}, maybe(service?.unavailability.recovered))),
    );
    metrics.values('ordeal_trial_latency_seconds', () =>
      this.#each(({ service }) =>
        windows.flatMap((window) => [
          ...readings({ window, quantile: '0.5' }, seconds(service?.[window].latency.l50Us)),
          ...readings({ window, quantile: '0.9' }, seconds(service?.[window].latency.l90Us)),
        ]),
      ),
    );
    metrics.values('ordeal_trial_throughput_requests_per_second', () =>
      this.#each(({ service }) =>
        windows.flatMap((window) => readings({ window }, known(service?.[window].throughputPerS))),
      ),
    );
    metrics.values('ordeal_trial_requests', () =>
      this.#each(({ service }) =>
        windows.flatMap((window) => {
          if (service === undefined) return [];
          const { requests, failed } = service[window];
          const lost = failures.reduce((sum, outcome) => sum + failed[outcome], 0);
          return [
            { labels: { outcome: 'ok' }, value: requests - lost },
            ...failures.map((outcome) => ({ labels: { outcome }, value: failed[outcome] })),
          ];
        }),
      ),
    );
    const ranks: readonly [string, keyof Lateness][] = [
      ['0.5', 'p50Us'],
      ['0.99', 'p99Us'],
      ['1', 'maxUs'],
    ];
    metrics.values('ordeal_trial_lateness_seconds', () =>
      this.#each(({ lateness }) =>
        ranks.flatMap(([quantile, rank]) => readings({ quantile }, seconds(lateness[rank]))),
      ),
    );
  }

  #faultMeasures(metrics: ProcessMetrics): void {
    metrics.values('ordeal_trial_effects', () =>
      this.#each(({ injections }) => {
        // The sum of what is known and what is not is not known.
        const lost = new Set(injections.flatMap((one) => (one.effects === 'unknown' ? [one.mechanism] : [])));
        return injections.flatMap(({ mechanism, effects }) =>
          lost.has(mechanism) ? [] : readings({ mechanism }, known(effects)),
        );
      }),
    );
    metrics.values('ordeal_trial_detected', () =>
      this.#each(({ infrastructure }) => readings({}, maybe(infrastructure.response?.detected))),
    );
    metrics.values('ordeal_trial_infrastructure_recovered', () =>
      this.#each(({ infrastructure }) => readings({}, maybe(infrastructure.response?.recovered))),
    );
    metrics.values('ordeal_trial_detection_latency_seconds', () =>
      this.#each(({ infrastructure }) => readings({}, exactly(infrastructure.response?.latencyFromEffect))),
    );
    metrics.values('ordeal_trial_recovery_latency_seconds', () =>
      this.#each(({ infrastructure }) => readings({}, exactly(infrastructure.response?.recoveryLatency))),
    );
  }

  #each<Labels extends object>(
    read: (measures: TrialMeasures) => { labels: Labels; value: number }[],
  ): { labels: OfTrial & Labels; value: number }[] {
    return [...this.#shown.values()].flatMap(({ of, measures }) =>
      read(measures).map(({ labels, value }) => ({ labels: { ...of, ...labels }, value })),
    );
  }
}

function readings<Labels>(labels: Labels, value: number | undefined): { labels: Labels; value: number }[] {
  return value === undefined ? [] : [{ labels, value }];
}

function known(value: number | string | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function seconds(us: number | string | undefined): number | undefined {
  return typeof us === 'number' ? us / 1e6 : undefined;
}

function maybe(value: boolean | 'unknown' | undefined): number | undefined {
  return typeof value === 'boolean' ? Number(value) : undefined;
}

function exactly(latency: Latency | undefined): number | undefined {
  return latency === undefined || latency.isBound ? undefined : latency.us / 1e6;
}
