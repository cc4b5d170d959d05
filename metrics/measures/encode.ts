import type { Measures } from './measures.ts';

/** measures.json: the same measures give the same bytes, in whatever order their keys were set. */
export function encodeMeasures(measures: Measures): string {
  return `${JSON.stringify(measures, sortedKeys, 2)}\n`;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
