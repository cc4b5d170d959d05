import type { Rule } from '../../campaign/definition.ts';
import type { Event } from '../../events/event.ts';
import type { Clocks } from './clocks.ts';
import { ofKind } from './latest.ts';
import type { Instants, Missing } from './measures.ts';
import { isSurelyBefore } from './response.ts';

type Watch = Event<'watch.started' | 'watch.ended'>;

/** Why a line that these rules would have matched may have been there and not been seen; empty where it was not there. */
export function blindness(
  events: readonly Event[],
  rules: readonly Rule[],
  what: string,
  clocks: Clocks,
  instants: Instants | undefined,
): string[] {
  const started = ofKind(events, 'watch.started');
  const ended = ofKind(events, 'watch.ended');
  // One that failed before it began says only that it has ended.
  const watches: readonly Watch[] = [...started, ...ended];
  if (watches.length === 0) return ['nothing was watched'];
  if (rules.length === 0) return [`no rule of the campaign says what a ${what} is`];
  const sources = [...new Set(rules.map(({ source }) => source))];
  return sources.flatMap((source) => {
    const hosts = [...new Set(watches.filter(({ body }) => body.watch === source).map(({ host }) => host))];
    if (hosts.length === 0) return [`there was no watch "${source}", which a rule for a ${what} reads`];
    return hosts.flatMap((host) => {
      const isOwn = (event: Watch): boolean => event.host === host && event.body.watch === source;
      const [begins, ends] = [started.filter(isOwn), ended.filter(isOwn)];
      const isUnread = [...begins, ...ends].some((event) => clocks.of(event) === undefined);
      const clockless = isUnread ? [`the clock of ${host} was never read`] : [];
      return [
        ...clockless,
        ...ends.flatMap(gaps),
        ...(begins.length > ends.length ? [didNotEnd(source, host)] : []),
        ...(instants === undefined ? [] : outside(begins, ends, clocks, instants)),
      ];
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

/** What was there before a watch began, or after it had ended, it did not see. */
function outside(
  begins: readonly Watch[],
  ends: readonly Watch[],
  clocks: Clocks,
  { injectUs, endUs, errorUs }: Instants,
): string[] {
  const at = (event: Watch) => clocks.of(event)?.toReference(event.monoUs);
  const isBefore = (event: Watch, atUs: number): boolean => {
    const instant = at(event);
    return instant !== undefined && isSurelyBefore(instant, { atUs, errorUs });
  };
  const begunLate = begins.filter((begin) => at(begin) !== undefined && !isBefore(begin, injectUs));
  return [
    ...begunLate.map(
      ({ host, body }) => `the watch "${body.watch}" on ${host} began only when the fault was there`,
    ),
    ...ends
      .filter((end) => isBefore(end, endUs))
      .map(({ host, body }) => `the watch "${body.watch}" on ${host} ended before the trial did`),
  ];
}

function didNotEnd(watch: string, host: string): string {
  return `the watch "${watch}" on ${host} never said that it had seen all`;
}
