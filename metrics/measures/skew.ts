import type { InjectionFacts, Skew } from './measures.ts';

/** How far apart the parts of one fault began, and ended; absent where it has no parts, or where the instant of one is not known. */
export function skewOf(injections: readonly InjectionFacts[]): { start?: Skew; end?: Skew } | undefined {
  if (injections.length < 2) return undefined;
  const start = apart(injections, ({ activeUs }) => activeUs);
  const end = injections.some(({ oneShot }) => oneShot)
    ? undefined
    : apart(injections, ({ revertedUs }) => revertedUs);
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function apart(
  injections: readonly InjectionFacts[],
  instantOf: (facts: InjectionFacts) => number | undefined,
): Skew | undefined {
  const instants = injections.flatMap((facts) => {
    const atUs = instantOf(facts);
    return atUs === undefined ? [] : [{ atUs, errorUs: facts.errorUs ?? 0 }];
  });
  if (instants.length < injections.length) return undefined;
  const inOrder = instants.toSorted((one, other) => one.atUs - other.atUs);
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { us: last.atUs - first.atUs, errorUs: first.errorUs + last.errorUs };
}
