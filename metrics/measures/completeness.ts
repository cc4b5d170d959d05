import { isKind, type Event, type Identity } from '../../events/event.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { compareText } from './canonical.ts';
import type { Missing } from './measures.ts';

/**
 * What is missing of an attempt, by producer: those that trial.started expects and that have not closed, and those of whose messages, up to the last
 * one that their producer.closed announces, not all have come. Whoever runs the trial is missing where nothing says whom to expect.
 */
export function missingOf(events: readonly Event[], batches: readonly SampleBatch[]): Missing[] {
  const expected = new Set<string>();
  const announced = new Map<string, Map<string, number>>();
  for (const event of events) {
    if (isKind(event, 'trial.started')) for (const producer of event.body.producers) expected.add(producer);
    if (!isKind(event, 'producer.closed')) continue;
    const lastSeqs = announced.get(event.producer) ?? new Map<string, number>();
    announced.set(event.producer, lastSeqs);
    for (const { incarnation, lastSeq } of event.body.incarnations) {
      lastSeqs.set(incarnation, Math.max(lastSeq, lastSeqs.get(incarnation) ?? 0));
    }
  }
  if (expected.size === 0) expected.add('controller');
  const came = countOf([...events, ...batches.map(({ header }) => header)]);
  return [...expected]
    .sort(compareText)
    .map((producer) => missingFrom(producer, announced.get(producer), came))
    .filter(({ closed, messages }) => !closed || messages > 0);
}

function missingFrom(
  producer: string,
  lastSeqs: ReadonlyMap<string, number> | undefined,
  came: ReadonlyMap<string, Set<number>>,
): Missing {
  let messages = 0;
  for (const [incarnation, lastSeq] of lastSeqs ?? []) {
    const seqs = came.get(`${producer}/${incarnation}`) ?? new Set<number>();
    const present = [...seqs].filter((seq) => seq <= lastSeq).length;
    messages += lastSeq + 1 - present;
  }
  return { producer, closed: lastSeqs !== undefined, messages };
}

function countOf(identities: readonly Identity[]): Map<string, Set<number>> {
  const came = new Map<string, Set<number>>();
  for (const { producer, incarnation, seq } of identities) {
    const speaker = `${producer}/${incarnation}`;
    const seqs = came.get(speaker) ?? new Set<number>();
    came.set(speaker, seqs.add(seq));
  }
  return came;
}
