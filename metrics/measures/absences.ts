import type { Event } from '../../events/event.ts';
import { ofKind } from './latest.ts';
import type { HostAbsence } from './measures.ts';

/** The hosts that went without a word during an attempt, and whether they had crashed: known of those that are back alone. */
export function absencesIn(events: readonly Event[]): HostAbsence[] {
  const back = ofKind(events, 'host.returned').map(
    ({ body: { of, lastHeardUs, returnedUs, crashed, bootedUs } }): HostAbsence => ({
      host: of,
      lastHeardUs,
      fate: crashed ? 'crashed' : 'silent',
      ...(bootedUs === undefined ? {} : { bootedUs }),
      returnedUs,
    }),
  );
  const isBack = (host: string, lastHeardUs: number): boolean =>
    back.some((one) => one.host === host && one.lastHeardUs === lastHeardUs);
  const away = ofKind(events, 'host.silent').flatMap(({ body: { of, lastHeardUs } }): HostAbsence[] =>
    isBack(of, lastHeardUs) ? [] : [{ host: of, lastHeardUs, fate: 'unknown' }],
  );
  return [...back, ...away].toSorted((one, other) => one.lastHeardUs - other.lastHeardUs);
}
