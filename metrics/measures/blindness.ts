import type { Rule } from '../../campaign/definition.ts';
import type { Event } from '../../events/event.ts';
import type { Clocks } from './clocks.ts';
import { ofKind } from './latest.ts';
import type { Missing } from './measures.ts';

/** Why a line that these rules would have matched may have been there and not been seen; empty where it was not there. */
export function blindness(
  events: readonly Event[],
  rules: readonly Rule[],
  what: string,
  clocks: Clocks,
): string[] {
  const started = ofKind(events, 'watch.started');
  if (started.length === 0) return ['nothing was watched'];
  if (rules.length === 0) return [`no rule of the campaign says what a ${what} is`];
  const sources = [...new Set(rules.map(({ source }) => source))];
  const ended = ofKind(events, 'watch.ended');
  return sources.flatMap((source) => {
    const hosts = [...new Set(started.filter(({ body }) => body.watch === source).map(({ host }) => host))];
    if (hosts.length === 0) return [`there was no watch "${source}", which a rule for a ${what} reads`];
    return hosts.flatMap((host) => {
      const isOwn = (event: Event<'watch.started' | 'watch.ended'>): boolean =>
        event.host === host && event.body.watch === source;
      const clockless = clocks.of(host) === undefined ? [`the clock of ${host} was never read`] : [];
      const ends = ended.filter(isOwn);
      const isOpen = started.filter(isOwn).length > ends.length;
      return [...clockless, ...ends.flatMap(gaps), ...(isOpen ? [didNotEnd(source, host)] : [])];
    });
  });
}

/** What has not come of the attempt may have been such a line. */
export function missingLines(missing: readonly Missing[]): string[] {
  return missing.map(({ producer }) => `not all that "${producer}" said has come`);
}

function gaps({ host, body }: Event<'watch.ended'>): string[] {
  const { watch, dropped, failed } = body;
  return [
    ...(dropped > 0 ? [`the watch "${watch}" on ${host} dropped ${dropped} lines`] : []),
    ...(failed === undefined ? [] : [`the watch "${watch}" on ${host} failed: ${failed}`]),
  ];
}

function didNotEnd(watch: string, host: string): string {
  return `the watch "${watch}" on ${host} never said that it had seen all`;
}
