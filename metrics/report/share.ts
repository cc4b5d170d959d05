import type { Proportion } from '../measures/measures.ts';
import { percent } from './format.ts';
import { markup, type Markup } from './markup.ts';

/** k of n; the share with its interval under it, and the weighted one where the weights make a difference. */
export function shares({ k, n, share, weighted, low, high }: Proportion): Markup | string {
  if (n === 0) return markup`<span class="none">none to count</span>`;
  if (share === 'unknown') return share;
  const weights =
    weighted === share ? undefined : markup`<div><small>weighted ${percent(weighted)}</small></div>`;
  return markup`<div>${k} of ${n}</div><div><small>${percent(share)} (${percent(low)} to ${percent(high)})</small></div>${weights}`;
}

/** The same on one line. */
export function shareText({ k, n, share, low, high }: Proportion): string {
  if (n === 0) return 'none to count';
  return `${k} of ${n}: ${percent(share)} (${percent(low)} to ${percent(high)})`;
}
