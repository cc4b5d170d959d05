import { Parser, type CST } from 'yaml';

/**
 * Far from what a campaign needs, and from what is dangerous: the composer of the yaml package descends by recursion, and where the stack
 * runs out while a regular expression is compiled, V8 does not throw but ends the process.
 */
export const deepestNesting = 50;

/** The offset of the first thing that is nested deeper, if anything is. Neither the parser nor this walk recurses. */
export function tooDeepAt(text: string): number | undefined {
  const left: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) left.push({ token, depth: 0 });
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next;
    if (depth > deepestNesting) return token.offset;
    for (const child of childrenOf(token)) left.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  const items = token.type === 'document' ? [token] : 'items' in token ? token.items : [];
  return items.flatMap((item) => {
    const key = 'key' in item ? item.key : undefined;
    return [key, item.value].filter((child) => child !== undefined && child !== null);
  });
}
