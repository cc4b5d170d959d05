import type { Judgement } from '../measures/measures.ts';
import { perSecond, span } from './format.ts';

export const measureTitles: Readonly<Record<Judgement['measure'], string>> = {
  l50: 'L50',
  l90: 'L90',
  throughput: 'Throughput',
  unavailability: 'U',
};

/** What the campaign demands: a throughput of at least so much, of everything else at most so much. */
export function limitText(measure: Judgement['measure'], demanded: number): string {
  return measure === 'throughput' ? `at least ${perSecond(demanded)}` : `at most ${span(demanded)}`;
}

export function foundText({ measure, found }: Judgement): string {
  if (found === 'unknown') return found;
  if (found === 'failed') return measure === 'unavailability' ? 'not recovered' : found;
  return measure === 'throughput' ? perSecond(found) : span(found);
}
