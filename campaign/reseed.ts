import { isNode, parseDocument } from 'yaml';
import { OrdealError } from '../errors/ordeal-error.ts';

/** The text of a valid campaign file with another seed in it, and nothing else changed. */
export function reseed(text: string, seed: number): string {
  const node = parseDocument(text).get('seed', true);
  const range = isNode(node) ? node.range : undefined;
  if (range === undefined || range === null)
    throw new OrdealError('INTERNAL', 'a campaign file without a seed was to be given another');
  return `${text.slice(0, range[0])}${seed}${text.slice(range[1])}`;
}
