import { Counter, Gauge, Registry } from 'prom-client';
import { metricCatalogue, type MetricDeclaration, type MetricName } from './metric-catalogue.ts';

type LabelOf<Name extends MetricName> = (typeof metricCatalogue)[Name]['labels'][number];

interface Reading<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** The metrics of one process, each read when /metrics is asked for; what is unknown has no reading, and so no value. */
export class ProcessMetrics {
  readonly registry = new Registry();

  /** One value, or none. */
  value(name: MetricName, read: () => number | undefined): void {
    this.#add(name, () => {
      const value = read();
      return value === undefined ? [] : [{ labels: {}, value }];
    });
  }

  /** One value for each set of labels; readings with the same labels add up. */
  values<Name extends MetricName>(name: Name, read: () => Iterable<Reading<LabelOf<Name>>>): void {
    this.#add(name, read);
  }

  #add(name: MetricName, read: () => Iterable<Reading<string>>): void {
    const { type, labels, help }: MetricDeclaration = metricCatalogue[name];
    const Kind = type === 'counter' ? Counter : Gauge;
    new Kind({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      collect() {
        // Without this, prom-client shows 0 for what has no labels and no value.
        this.reset();
        if (labels.length === 0) this.remove();
        for (const reading of read()) this.inc(reading.labels, reading.value);
      },
    });
  }
}
