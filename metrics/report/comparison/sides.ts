import type { RowComparison } from '../../comparison/comparison.ts';
import { markup, type Markup } from '../markup.ts';
import { findingText, labels } from './words.ts';

export type Which = 'one' | 'other';

/** By letter, shape and colour. */
export function letter(which: Which): Markup {
  return markup`<span class="letter ${which}">${labels[which]}</span>`;
}

export function findingBadge(row: RowComparison): Markup {
  const { unlike, finding, better } = row;
  const said = findingText({ ...row, unlike: [] });
  const reasons =
    unlike.length === 0 || finding === 'not testable'
      ? undefined
      : markup`<div><small class="unlike" title="${unlike.join(', ')}">not like for like</small></div>`;
  return markup`<span class="finding ${better ?? 'none'}">${said}</span>${reasons}`;
}
