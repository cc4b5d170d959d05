import type { Value } from './facts.ts';
import { demand, type Term } from './term.ts';
import { WrongExpression } from './wrong-expression.ts';

const orders: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Two terms with a sign between them. */
export function compared(
  left: Term,
  { sign, at }: { readonly sign: string; readonly at: number },
  right: Term,
): Term {
  const order = orders[sign];
  if (order !== undefined) {
    demand(left, 'number');
    demand(right, 'number');
    return holding(left, right, (one, other) => order(Number(one), Number(other)));
  }
  if (left.type !== right.type)
    throw new WrongExpression(
      at,
      `cannot be: ${sign} compares two of the same kind, and has(list, "text") asks what is in a list`,
    );
  const isEqual = (one: Value, other: Value): boolean => JSON.stringify(one) === JSON.stringify(other);
  return holding(left, right, (one, other) => isEqual(one, other) === (sign === '=='));
}

function holding(left: Term, right: Term, holds: (one: Value, other: Value) => boolean): Term {
  return {
    type: 'truth',
    at: left.at,
    valueOf: (of) => {
      const [one, other] = [left.valueOf(of), right.valueOf(of)];
      return one === undefined || other === undefined ? undefined : holds(one, other);
    },
  };
}
