import type { Facts, Type, Value } from './facts.ts';
import { WrongExpression } from './wrong-expression.ts';

/** Something that has a value for each trial; undefined where that is not known. */
export interface Term {
  readonly type: Type;
  /** Where it stands in its expression, from 0. */
  readonly at: number;
  /** All that a text in its value can be. */
  readonly oneOf?: readonly string[];
  /** The text itself, where it is one in quotes. */
  readonly literal?: string;
  readonly valueOf: (of: Facts) => Value | undefined;
}

export function demand(term: Term, type: Type): Term {
  if (term.type === type) return term;
  throw new WrongExpression(term.at, `this is ${kinds[term.type]}, and has to be ${kinds[type]}`);
}

const kinds: Readonly<Record<Type, string>> = {
  truth: 'true or false',
  number: 'a number',
  text: 'a text',
  list: 'a list',
};
