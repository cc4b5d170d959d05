import { formatDuration } from '../clock/duration.ts';
import type { Injection__Output } from '../proto/generated/ordeal/v1/Injection.ts';

export const injectionHead = ['INJECTION', 'STATE', 'CELL', 'MECHANISM', 'TARGET', 'FOR', 'EFFECTS', ''];

export function injectionRow(injection: Injection__Output): string[] {
  const { id, state, cell, mechanism, target, durationUs, effects, errorCode, errorMessage } = injection;
  return [
    id,
    state,
    cell,
    mechanism,
    target === null ? '' : `${target.host} ${target.kind} ${target.name}`,
    formatDuration(durationUs),
    effects === null ? '' : String(effects.count ?? 'unknown'),
    errorCode === '' ? (effects?.remark ?? '') : `${errorCode}: ${errorMessage}`,
  ];
}
