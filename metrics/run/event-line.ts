import { OrdealError } from '../../errors/ordeal-error.ts';
import { eventSchema, type Event } from '../../events/event.ts';

/** A line of events.ndjson; DAMAGED_RUN where it is none. */
export function parseEventLine(file: string, line: string, number: number): Event {
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new OrdealError('DAMAGED_RUN', `${file}: line ${number} is not an event of this version`, {
      cause,
    });
  }
}
