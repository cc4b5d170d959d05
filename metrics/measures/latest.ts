import { isKind, type Event, type EventKind } from '../../events/event.ts';

export function ofKind<Kind extends EventKind>(events: readonly Event[], kind: Kind): Event<Kind>[] {
  return events.filter((event): event is Event<Kind> => isKind(event, kind));
}

/** Of events of one host, the one that tells of the latest instant. */
export function latest<Some extends Event>(events: readonly Some[]): Some | undefined {
  return inOrder(events).at(-1);
}

export function earliest<Some extends Event>(events: readonly Some[]): Some | undefined {
  return inOrder(events)[0];
}

/** Which of two boots was first, only the wall clock knows. Those of one instant stay as they are. */
function inOrder<Some extends Event>(events: readonly Some[]): Some[] {
  const bootedAtUs = new Map<string, number>();
  for (const { boot = '', wallUs, monoUs } of events) {
    bootedAtUs.set(boot, Math.min(wallUs - monoUs, bootedAtUs.get(boot) ?? Infinity));
  }
  const bootOf = ({ boot = '' }: Some): number => bootedAtUs.get(boot) ?? 0;
  return events.toSorted((a, b) => (a.boot === b.boot ? 0 : bootOf(a) - bootOf(b)) || a.monoUs - b.monoUs);
}
