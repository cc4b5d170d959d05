import type { TrialMeasures } from '../measures/measures.ts';

/** The trials that did not keep what was demanded, the worst first: never back, then the longest interruption, then the slowest. */
export function worstFirst(trials: readonly TrialMeasures[]): TrialMeasures[] {
  return trials
    .filter(({ verdict }) => verdict === 'fail')
    .sort((one, other) => {
      const [a, b] = [badness(one), badness(other)];
      const at = a.findIndex((part, index) => part !== b[index]);
      return at === -1 ? 0 : (a[at] ?? 0) > (b[at] ?? 0) ? -1 : 1;
    });
}

/** Above so many, a page of whole trials is no longer read from end to end. */
const allShown = 12;
const worstShown = 3;
const unknownShown = 3;

/** The trials that a reader is shown without asking; the others are folded. */
export function notable(trials: readonly TrialMeasures[]): ReadonlySet<string> {
  const shown =
    trials.length <= allShown
      ? trials
      : [
          ...worstFirst(trials).slice(0, worstShown),
          ...trials.filter(({ verdict }) => verdict === 'unknown').slice(0, unknownShown),
        ];
  return new Set(shown.map(({ trial }) => trial));
}

function badness({ service }: TrialMeasures): number[] {
  if (service === undefined) return [0, 0, 0];
  const { us, recovered } = service.unavailability;
  const l90 = service.after.latency.l90Us;
  return [recovered ? 0 : 1, us, l90 === 'failed' ? Infinity : l90 === 'unknown' ? 0 : l90];
}
