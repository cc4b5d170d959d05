import { markup, type Markup } from './markup.ts';

export function trialLink(trial: string): Markup {
  return markup`<a class="name" href="#trial-${trial}">${trial}</a>`;
}

/** Some of many, and how many more there are. */
export function trialLinks(trials: readonly string[], most = Infinity): Markup {
  const more = trials.length - Math.min(trials.length, most);
  return markup`${trials.slice(0, most).map((trial, at) => markup`${at === 0 ? '' : ', '}${trialLink(trial)}`)}${more === 0 ? '' : ` and ${more} more`}`;
}
