import { Gauge, type Registry } from 'prom-client';
import type { TrialMeasures } from '../measures/measures.ts';

const labels = ['campaign', 'trial', 'fault'] as const;
/** Older campaigns are in the saved runs; Prometheus has scraped them long since. */
const campaignsShown = 5;

const verdicts = { fail: 0, pass: 1, unknown: -1 } as const;

/** The measures of the trials that this process has measured, for Prometheus. What is unknown has no value. */
export class MeasureGauges {
  readonly #unavailability: Gauge<(typeof labels)[number]>;
  readonly #verdict: Gauge<(typeof labels)[number]>;
  readonly #latency: Gauge<(typeof labels)[number] | 'quantile'>;
  readonly #throughput: Gauge<(typeof labels)[number]>;

  /** Of each campaign the label sets that have a value, the oldest campaign first. */
  readonly #shown = new Map<string, Record<(typeof labels)[number], string>[]>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#unavailability = new Gauge({
      name: 'ordeal_trial_unavailability_seconds',
      help: 'U of the trial; of one that did not recover, what had accumulated at its end',
      labelNames: labels,
      registers,
    });
    this.#verdict = new Gauge({
      name: 'ordeal_trial_verdict',
      help: 'Verdict of the trial: 1 pass, 0 fail, -1 unknown',
      labelNames: labels,
      registers,
    });
    this.#latency = new Gauge({
      name: 'ordeal_trial_latency_after_seconds',
      help: 'L50 and L90 after the removal of the fault; absent where the rank falls on a failed request',
      labelNames: [...labels, 'quantile'],
      registers,
    });
    this.#throughput = new Gauge({
      name: 'ordeal_trial_throughput_after',
      help: 'Successful requests a second after the removal of the fault',
      labelNames: labels,
      registers,
    });
  }

  set(campaign: string, { trial, fault, verdict, service }: TrialMeasures): void {
    const of = { campaign, trial, fault: fault?.name ?? '' };
    this.#show(of);
    this.#verdict.set(of, verdicts[verdict]);
    if (service === undefined) return;
    const { unavailability, after } = service;
    this.#unavailability.set(of, unavailability.us / 1e6);
    if (after.throughputPerS !== 'unknown') this.#throughput.set(of, after.throughputPerS);
    const { l50Us, l90Us } = after.latency;
    if (typeof l50Us === 'number') this.#latency.set({ ...of, quantile: '0.5' }, l50Us / 1e6);
    if (typeof l90Us === 'number') this.#latency.set({ ...of, quantile: '0.9' }, l90Us / 1e6);
  }

  #show(of: Record<(typeof labels)[number], string>): void {
    const shown = this.#shown.get(of.campaign) ?? [];
    this.#shown.set(of.campaign, [...shown, of]);
    const [oldest] = this.#shown;
    if (oldest === undefined || this.#shown.size <= campaignsShown) return;
    this.#shown.delete(oldest[0]);
    for (const old of oldest[1]) {
      for (const gauge of [this.#verdict, this.#unavailability, this.#throughput]) gauge.remove(old);
      for (const quantile of ['0.5', '0.9']) this.#latency.remove({ ...old, quantile });
    }
  }
}
