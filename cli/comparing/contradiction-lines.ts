import type { Comparison } from '../../metrics/comparison/comparison.ts';
import { contradictionText, labels } from '../../metrics/report/comparison/words.ts';
import { wrapped } from './wrapped.ts';

/** What a source says twice, and not the same. */
export function contradictionLines({ contradictions }: Comparison, width: number): string[] {
  if (contradictions.length === 0) return [];
  return [
    'CONTRADICTIONS WITHIN A SOURCE',
    ...contradictions.flatMap((found) =>
      wrapped(`  ${labels[found.side]}, ${contradictionText(found)}`, width, 4),
    ),
  ];
}
