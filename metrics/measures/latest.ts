import { isKind, type Event, type EventKind } from '../../events/event.ts';

export function ofKind<Kind extends EventKind>(events: readonly Event[], kind: Kind): Event<Kind>[] {
  return events.filter((event): event is Event<Kind> => isKind(event, kind));
}

/** Of events of one host, the one that tells of the latest instant. */
export function latest<Some extends Event>(events: readonly Some[]): Some | undefined {
  return events.reduce<Some | undefined>(
    (last, event) => (last === undefined || event.monoUs >= last.monoUs ? event : last),
    undefined,
  );
}
