import type { Measures, Verdict } from '../measures/measures.ts';
import { acceptance } from './acceptance.ts';
import { atAGlance } from './at-a-glance.ts';
import { count, numbered } from './format.ts';
import { lookFirst } from './look-first.ts';
import { markup, type Markup } from './markup.ts';
import { verdictBadge } from './verdict.ts';

/** The first screen: what happened, is it acceptable, and where to look first. */
export function header(measures: Measures): Markup {
  const { name, campaign, verdict } = measures;
  return markup`<header class="first ${verdict}">
<p class="kind">Ordeal: dependability report</p>
<h1>${name} ${verdictBadge(verdict)}</h1>
<p class="lead">${meaning(measures)}</p>
<p class="kind">Campaign <code>${campaign}</code>, ${outcomeOf(measures)}.</p>
<div class="cards">
${tally(measures)}
<div class="found">
${acceptance(measures)}
${atAGlance(measures)}
</div>
${lookFirst(measures)}
</div>
</header>`;
}

function meaning({ verdict, definition }: Measures): string {
  const demanded = Object.values(definition.slo).some((value) => value !== undefined);
  if (!demanded) return 'The campaign demands nothing of the service, so nothing was judged against a limit.';
  if (verdict === 'pass') return 'The service kept what the campaign demands of it.';
  if (verdict === 'fail') return 'The service did not keep what the campaign demands of it.';
  return 'It is not known whether the service keeps what the campaign demands of it.';
}

function outcomeOf({ outcome, notRun, pruned = [] }: Measures): string {
  const said = outcome === 'unknown' ? 'of which it is not known how it ended' : outcome;
  const leftOut =
    pruned.length === 0 ? '' : `; ${numbered(pruned.length, 'trial')} left out, as its file asks`;
  const missing = notRun.length === 0 ? '' : `; ${numbered(notRun.length, 'trial')} never begun`;
  return `${said}${leftOut}${missing}`;
}

const verdicts: readonly Verdict[] = ['pass', 'fail', 'unknown'];

/** How many trials came to which verdict, as a bar and in numbers. */
function tally({ trials }: Measures): Markup {
  const golden = trials.filter(({ fault }) => fault === undefined).length;
  const counts = verdicts.map((verdict) => ({
    verdict,
    of: trials.filter((trial) => trial.verdict === verdict).length,
  }));
  return markup`<section class="card"><h2>Trials</h2>
<p class="tally" aria-hidden="true">${counts.map(({ verdict, of }) =>
    of === 0 ? undefined : markup`<span class="${verdict}" style="flex-grow:${of}"></span>`,
  )}</p>
<ul class="counts">${counts.map(
    ({ verdict, of }) => markup`<li><b>${count(of)}</b> ${verdictBadge(verdict)}</li>`,
  )}</ul>
<p class="kind">${numbered(trials.length, 'trial')}, ${numbered(golden, 'golden run')} (without a fault) among them.</p>
</section>`;
}
