import { setFlagsFromString } from 'node:v8';

/*
 * The lines that rules read come from outside, and every one is read by the one process that measures: none may hold it up. V8 turns from its usual
 * engine to its linear one, which finds the same, where the usual one goes back and forth too often; `l` asks whether the linear one can take over.
 */
setFlagsFromString('--enable-experimental-regexp-engine');
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

/** The pattern of a rule, made so that no line takes long, where the pattern allows for that. */
export function ruleExpression(pattern: string): RegExp {
  return new RegExp(pattern);
}

/** Why a pattern cannot be a rule's; undefined where it can. */
export function problemOfRulePattern(pattern: string): string | undefined {
  try {
    ruleExpression(pattern);
  } catch (error) {
    return `must be a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  try {
    new RegExp(pattern, 'l');
    return undefined;
  } catch {
    return 'must be a regular expression that no line can hold up: without look-around ("(?=", "(?<!"), without back references ("\\1"), and with no more than 16 repetitions in braces ("{1,16}", nested ones multiplied; "*" and "+" are free)';
  }
}
