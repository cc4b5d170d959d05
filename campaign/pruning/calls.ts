import { matches } from '../pattern.ts';
import { nearest } from '../../errors/nearest.ts';
import type { Type, Value } from './facts.ts';
import { demand, type Term } from './term.ts';
import { WrongExpression } from './wrong-expression.ts';

/** Each takes a list and, where it says so, a pattern with * for any characters. */
export const calls: ReadonlyMap<string, (given: readonly Term[], at: number) => Term> = new Map([
  ['has', about('truth', 'has', true, (list, fits) => list.some(fits))],
  ['all', about('truth', 'all', true, (list, fits) => list.every(fits))],
  ['count', about('number', 'count', false, (list, fits) => list.filter(fits).length)],
]);

type Fits = (text: string) => boolean;

function about(
  type: Type,
  name: string,
  needsPattern: boolean,
  answer: (list: readonly string[], fits: Fits) => Value,
) {
  const form = needsPattern ? `${name}(list, "pattern")` : `${name}(list) or ${name}(list, "pattern")`;
  return (given: readonly Term[], at: number): Term => {
    const [list, pattern, ...more] = given;
    if (list === undefined || more.length > 0 || (needsPattern && pattern === undefined))
      throw new WrongExpression(at, `${name} is asked as ${form}`);
    demand(list, 'list');
    const fits = pattern === undefined ? () => true : fitting(list, pattern);
    return {
      type,
      at,
      valueOf: (of) => {
        const found = list.valueOf(of);
        return Array.isArray(found) ? answer(found, fits) : undefined;
      },
    };
  };
}

/** A pattern that nothing in the list can ever fit is a slip. */
function fitting({ oneOf }: Term, { literal, at }: Term): Fits {
  if (literal === undefined)
    throw new WrongExpression(at, 'has to be a pattern in quotes, such as "*.delay"');
  if (oneOf !== undefined && !oneOf.some((text) => matches(literal, text))) {
    const near = nearest(literal, oneOf);
    const meant = near === undefined ? '' : `; did you mean "${near}"?`;
    throw new WrongExpression(at, `"${literal}" fits none of them${meant} (there are: ${oneOf.join(', ')})`);
  }
  return (text) => matches(literal, text);
}
