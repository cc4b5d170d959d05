import type { Rule } from './definition.ts';
import { ruleExpression } from './rule-expression.ts';

/**
 * What Ordeal says of itself: the kernel on one of its modules ("ordeal_cpu: loading out-of-tree module taints kernel"), its processes in a log
 * ("ordeal-agent[312]: ..."). A name that has the word in it, as a path or a server may, is not meant.
 */
const ownWords = /(^|[\s\]])ordeal[\w-]*(\[\d+\])?: /;

/** What a line says by a rule. */
export interface Reading {
  readonly rule: Rule;
  /** What the line calls the part that it is about, where the rule finds one. */
  readonly component?: string;
}

/** Reads the lines of the infrastructure by the rules of a campaign. */
export class RuleReader {
  readonly #rules: readonly { readonly rule: Rule; readonly pattern: RegExp }[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({ rule, pattern: ruleExpression(rule.pattern) }));
  }

  /** Of the rules of one meaning the first that matches counts, so that no line is two detections. */
  read({ watch, text }: { readonly watch: string; readonly text: string }): Reading[] {
    if (ownWords.test(text)) return [];
    const read = new Map<Rule['means'], Reading>();
    for (const { rule, pattern } of this.#rules) {
      if (rule.source !== watch || read.has(rule.means)) continue;
      const match = pattern.exec(text);
      if (match === null) continue;
      const component = match.groups?.['component'];
      read.set(rule.means, component === undefined ? { rule } : { rule, component });
    }
    return [...read.values()];
  }
}
