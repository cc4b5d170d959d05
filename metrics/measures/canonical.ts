import { idOf, type Event, type Identity } from '../../events/event.ts';
import type { SampleBatch } from '../../events/samples.ts';

/** Each once, in an order that depends on nothing but their identities, so that the order of arrival changes no number. */
export function canonicalEvents(events: readonly Event[]): Event[] {
  return canonical(events, (event) => event);
}

export function canonicalBatches(batches: readonly SampleBatch[]): SampleBatch[] {
  return canonical(batches, ({ header }) => header);
}

function canonical<Message>(
  messages: readonly Message[],
  identityOf: (message: Message) => Identity,
): Message[] {
  const byId = new Map(messages.map((message) => [idOf(identityOf(message)), message]));
  return [...byId.values()].sort((a, b) => compare(identityOf(a), identityOf(b)));
}

function compare(a: Identity, b: Identity): number {
  return compareText(a.producer, b.producer) || compareText(a.incarnation, b.incarnation) || a.seq - b.seq;
}

/** By code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
