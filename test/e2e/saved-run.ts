import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventSchema, isKind, type Event, type EventKind } from '../../events/event.ts';

/** The events of a saved run, in the order of their arrival. */
export async function eventsOf(runs: string, campaign: string): Promise<Event[]> {
  const text = await readFile(join(runs, campaign, 'events.ndjson'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => eventSchema.parse(JSON.parse(line)));
}

export function ofKind<Kind extends EventKind>(events: readonly Event[], kind: Kind): Event<Kind>[] {
  return events.filter((event): event is Event<Kind> => isKind(event, kind));
}
