import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { FileKind } from './examine.ts';
import { deepestNesting, tooDeepAt } from './nesting.ts';
import type { Problem } from './problem.ts';

/** For what is repeated by hand; more than any campaign needs, and far from what could fill a memory. */
const mostAliases = 100;

export type Path = readonly PropertyKey[];

/** What a text says as plain values, and where in it each of them stands. */
interface Located {
  readonly value: unknown;
  /** Where the value at a path stands, or the nearest around it; where `key` is set, where its key does; where `within` is, so many characters into its text. */
  place(
    path: Path,
    at?: { readonly key?: boolean; readonly within?: number | undefined },
  ): { readonly line: number; readonly column: number };
}

/** Reads one YAML 1.2 document. What is not what it seems (a key twice, several documents, an unknown tag) is a problem. */
export function parseYamlText(
  text: string,
  kind: FileKind,
): Located | { readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== undefined) {
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1))
      lines.addNewLine(end + 1);
    return {
      problems: [
        { ...at(tooDeep), path: '', message: `is nested too deeply; ${deepestNesting} levels at most` },
      ],
    };
  }
  // Both options would take time by the square of the size: keys are compared below, and positions are our own.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: true,
  });
  const found = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...at(pos[0]),
    path: '',
    message: explained(code, message, kind),
  }));
  if (found.length > 0) return { problems: found };
  const refuse = (offset: number, message: string) => ({ problems: [{ ...at(offset), path: '', message }] });
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return refuse(0, `is empty; a ${kind} is a mapping that begins with "version: 1"`);
  if (!isMap(document.contents) && !isAlias(document.contents))
    return refuse(
      offsetOf(document.contents),
      `is not a mapping; a ${kind} is one that begins with "version: 1"`,
    );
  const twice = repeatedKeys(document);
  if (twice.length > 0)
    return {
      problems: twice.map(({ key, offset }) => ({
        ...at(offset),
        path: '',
        message: `the key "${key}" is there twice`,
      })),
    };
  const aliases = aliasesIn(document);
  if (aliases.length > mostAliases) return refuse(offsetOf(aliases[mostAliases]), tooManyAliases);
  const unresolved = aliases.find((alias) => alias.resolve(document) === undefined);
  if (unresolved !== undefined)
    return refuse(offsetOf(unresolved), `there is no &${unresolved.source} before this alias`);
  try {
    return {
      value: document.toJS({ maxAliasCount: mostAliases }),
      place: (path, { key = false, within = 0 } = {}) =>
        at(
          offsetAt(document, path, key) +
            (within === 0 ? 0 : offsetWithin(document.getIn(path, true), within)),
        ),
    };
  } catch {
    // It counts what the aliases grow to.
    return refuse(offsetOf(aliases[0]), tooManyAliases);
  }
}

const tooManyAliases = `repeats too much by YAML aliases (*name): ${mostAliases} at most; write out what is repeated`;

function explained(code: string, message: string, kind: FileKind): string {
  if (code === 'MULTIPLE_DOCS') return `a second YAML document begins here ("---"); a ${kind} holds one`;
  if (code === 'TAB_AS_INDENT') return 'a tab; YAML is indented by spaces';
  if (code === 'RESOURCE_EXHAUSTION') return 'is nested too deeply';
  if (code === 'NON_STRING_KEY') return 'a key that is not a text; put it in quotes';
  return `is not YAML: ${message}`;
}

function aliasesIn(document: Document): Alias[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      aliases.push(alias);
    },
  });
  return aliases;
}

function repeatedKeys(document: Document): { key: string; offset: number }[] {
  const twice: { key: string; offset: number }[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = String(isScalar(key) ? key.value : key);
        if (seen.has(name)) twice.push({ key: name, offset: offsetOf(key) });
        seen.add(name);
      }
    },
  });
  return twice;
}

/** Goes down the path as far as the document does. */
function offsetAt(document: Document, path: Path, wantKey: boolean): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const [depth, part] of path.entries()) {
    const container: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(container)) {
      node = container.items[Number(part)];
      offset = offsetOf(node, offset);
    } else if (isMap(container)) {
      const pair = container.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (pair === undefined) return offset;
      node = pair.value;
      // An empty value, and a block's beginning on a later line, are best found by their key.
      const byKey = wantKey && depth === path.length - 1;
      offset =
        byKey || !isScalar(node) || node.value === null ? offsetOf(pair.key, offset) : offsetOf(node, offset);
    } else return offset;
  }
  return offset;
}

/** Only where the text stands there as it is: in a block, or with escapes, its characters are elsewhere. */
function offsetWithin(node: unknown, within: number): number {
  if (!isScalar(node) || typeof node.value !== 'string') return 0;
  const written = node.source ?? node.value;
  const isPlain = node.type === 'PLAIN';
  const isAsItIs = written === node.value && (isPlain || /^QUOTE_/.test(node.type ?? ''));
  const length = (node.range?.[1] ?? 0) - (node.range?.[0] ?? 0);
  if (!isAsItIs || length !== written.length + (isPlain ? 0 : 2)) return 0;
  return within + (isPlain ? 0 : 1);
}

function offsetOf(node: unknown, otherwise = 0): number {
  const { range } = (node ?? {}) as Partial<Node>;
  return range?.[0] ?? otherwise;
}
