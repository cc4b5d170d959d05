import type { Definition } from '../../campaign/definition.ts';
import type { Event } from '../../events/event.ts';
import { compareText } from './canonical.ts';
import { Clocks } from './clocks.ts';
import type { Notice } from './infrastructure-measures.ts';
import type { TrialMeasures } from './measures.ts';
import { noticesOf } from './notices.ts';
import { outcomeOfFault } from './outcome-class.ts';
import { isSurelyBefore } from './response.ts';

type Shown = NonNullable<Event<'trial.measured'>['body']['shown']>;

/** What the faults of a trial came to, by the trial alone: later trials are decided on by it. Undefined of a golden run. */
export function shownBy(
  measures: TrialMeasures,
  events: readonly Event[],
  definition: Definition,
): Shown | undefined {
  const { fault, activated, instants, infrastructure } = measures;
  const came = outcomeOfFault(measures);
  if (fault === undefined || came === undefined) return undefined;
  const notices = noticesSince(instants, noticesOf(events, definition, new Clocks(events)));
  const { detected = 'unknown', repaired = 'unknown' } = infrastructure.response ?? {};
  const rules = (isMeant: (notice: Notice) => boolean): string[] =>
    once(notices.filter(isMeant).map(({ rule }) => rule));
  return {
    outcome: came.is,
    ...(detected === 'unknown' ? {} : { detections: rules(({ means }) => means === 'detection') }),
    ...(repaired === 'unknown' ? {} : { repairs: rules(({ means }) => means !== 'detection') }),
    touched: once([
      ...(activated === true ? fault.targets : []),
      ...notices.flatMap(({ names }) => names ?? []),
    ]),
  };
}

function noticesSince(instants: TrialMeasures['instants'], notices: readonly Notice[]): readonly Notice[] {
  if (instants === undefined) return [];
  const injected = { atUs: instants.injectUs, errorUs: instants.errorUs };
  return notices.filter((notice) => !isSurelyBefore(notice, injected));
}

function once(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compareText);
}
