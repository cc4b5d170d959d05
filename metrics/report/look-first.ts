import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';
import { worstFirst } from './notable.ts';
import { byReason } from './doubts.ts';
import { trialLink, trialLinks } from './trial-link.ts';

const mostWorst = 3;
const mostDoubts = 3;
const mostLinks = 6;

/** The worst trials, and those of which nothing can be said, with the reason. */
export function lookFirst({ trials, reasons }: Measures): Markup {
  const failed = worstFirst(trials);
  const unknown = trials.filter(({ verdict }) => verdict === 'unknown');
  const more = failed.length - Math.min(failed.length, mostWorst);
  const doubts = byReason(unknown.map(({ trial, reasons: why }) => ({ trial, reasons: why })));
  const own = reasons.filter((reason) => !trials.some(({ trial }) => reason.startsWith(`${trial}:`)));
  if (failed.length === 0 && unknown.length === 0 && own.length === 0) {
    return markup`<section class="card"><h2>Look first at</h2><p>Nothing stands out: every trial kept what is demanded.</p></section>`;
  }
  return markup`<section class="card"><h2>Look first at</h2>
<ul class="reasons">${own.slice(0, mostWorst).map((reason) => markup`<li>${reason}</li>`)}${failed.slice(0, mostWorst).map(worst)}${
    more === 0
      ? undefined
      : markup`<li>${more} more that failed: ${trialLinks(
          failed.slice(mostWorst).map(({ trial }) => trial),
          mostLinks,
        )}</li>`
  }${doubts
    .slice(0, mostDoubts)
    .map(
      ({ reason, trials: whose }) => markup`<li>Unknown: ${trialLinks(whose, mostLinks)}: ${reason}</li>`,
    )}${doubts.length > mostDoubts ? markup`<li>More that is <a href="#doubts">not known</a>.</li>` : undefined}</ul>
</section>`;
}

function worst({ trial, fault, reasons }: TrialMeasures): Markup {
  return markup`<li>${trialLink(trial)} ${fault === undefined ? 'golden run' : fault.name}: ${reasons.join('; ')}</li>`;
}
