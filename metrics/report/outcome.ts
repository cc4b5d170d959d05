import type { OutcomeClass, OutcomeOfFault } from '../measures/outcome-class.ts';

/** As people read them; the page's own list of words says what each means. */
export const outcomeTitles: Readonly<Record<OutcomeClass, string>> = {
  'wrong-answers': 'wrong answers',
  'not-recovered': 'outage, not recovered',
  'host-crash': 'host crash',
  'recovered-on-removal': 'outage, recovered on removal',
  'recovered-by-unknown': 'outage, recovered, not known by whom',
  'recovered-by-management': 'outage, recovered by management',
  'recovered-by-node': 'outage, recovered by the node',
  degraded: 'degraded',
  masked: 'masked',
  'no-effect': 'no effect',
  'not-activated': 'not activated',
  unknown: 'unknown',
};

export function outcomeText({ is, because }: OutcomeOfFault): string {
  return because === undefined ? outcomeTitles[is] : `${outcomeTitles[is]}: ${because}`;
}
