import { isKind, type Event, type Identity } from '../../events/event.ts';
import { Ranges } from '../../events/ranges.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { compareText } from './canonical.ts';
import type { Missing } from './measures.ts';

/** What is missing of an attempt of which this is all that came. */
export function missingOf(events: readonly Event[], batches: readonly SampleBatch[]): Missing[] {
  const completeness = new Completeness();
  for (const event of events) completeness.event(event);
  for (const { header } of batches) completeness.came(header);
  return completeness.missing();
}

/**
 * Whether all of an attempt has come, in any order, some of it perhaps twice: every producer that trial.started expects has closed it, and there is
 * neither a gap up to the last message that its producer.closed announces nor one beyond. Whoever runs the trial is missing where nothing says whom to expect.
 */
export class Completeness {
  readonly #expected = new Set<string>();
  /** By producer, by incarnation: the last seq that was announced, */
  readonly #announced = new Map<string, Map<string, number>>();
  /** and those that came. */
  readonly #came = new Map<string, Map<string, Ranges>>();

  event(event: Event): void {
    this.came(event);
    if (isKind(event, 'trial.started'))
      for (const producer of event.body.producers) this.#expected.add(producer);
    if (!isKind(event, 'producer.closed')) return;
    const lastSeqs = entry(this.#announced, event.producer, () => new Map<string, number>());
    for (const { incarnation, lastSeq } of event.body.incarnations) {
      lastSeqs.set(incarnation, Math.max(lastSeq, lastSeqs.get(incarnation) ?? 0));
    }
  }

  /** For a batch of samples this is all; of an event too, where its body does not matter. */
  came({ producer, incarnation, seq }: Identity): void {
    const spoke = entry(this.#came, producer, () => new Map<string, Ranges>());
    entry(spoke, incarnation, () => new Ranges()).add(seq);
  }

  /** In the order of the producers; nothing of those of whom all is there. Cheap enough to be asked with every message. */
  missing(): Missing[] {
    const expected = this.#expected.size === 0 ? ['controller'] : [...this.#expected];
    return expected
      .sort(compareText)
      .map((producer) => this.#missingFrom(producer))
      .filter(({ closed, messages, unannounced }) => !closed || messages > 0 || unannounced > 0);
  }

  #missingFrom(producer: string): Missing {
    const announced = this.#announced.get(producer);
    if (announced === undefined) return { producer, closed: false, messages: 0, unannounced: 0 };
    const came = this.#came.get(producer) ?? new Map<string, Ranges>();
    let [messages, unannounced] = [0, 0];
    for (const [incarnation, lastSeq] of announced) {
      const gaps = (came.get(incarnation) ?? new Ranges()).missing(lastSeq);
      for (const [first, last] of gaps) messages += last - first + 1;
    }
    for (const [incarnation, seqs] of came) unannounced += seqs.above(announced.get(incarnation) ?? -1);
    return { producer, closed: true, messages, unannounced };
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
