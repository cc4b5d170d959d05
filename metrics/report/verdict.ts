import type { Verdict } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';

/** By sign and word, not by colour alone. */
const signs: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', unknown: '?' };

export function verdictBadge(verdict: Verdict): Markup {
  return markup`<span class="verdict ${verdict}"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</span>`;
}

/** Where there is no room for the word: it is still there for who listens. */
export function verdictSign(verdict: Verdict): Markup {
  return markup`<span aria-hidden="true">${signs[verdict]}</span><span class="heard"> ${verdict}</span>`;
}
