import type { Measures, Verdict } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';
import { verdictBadge } from './verdict.ts';

/** More reasons than this are read better at the trials. */
const mostReasons = 5;

export function header(measures: Measures): Markup {
  const { name, campaign, verdict, reasons } = measures;
  const shown = reasons.slice(0, mostReasons);
  const more = reasons.length - shown.length;
  return markup`<header>
<p class="kind">Ordeal: dependability report</p>
<h1>${name} ${verdictBadge(verdict)}</h1>
<p class="lead">${sentence(measures)}</p>
${shown.length === 0 ? undefined : markup`<ul class="reasons">${shown.map((reason) => markup`<li>${reason}</li>`)}</ul>`}
${more > 0 ? markup`<p>And ${more} more, at the trials below.</p>` : undefined}
<p class="kind">Campaign <code>${campaign}</code>, ${outcomeOf(measures)}.</p>
</header>`;
}

function sentence({ verdict, trials, definition }: Measures): string {
  const of = (wanted: Verdict): number => trials.filter((trial) => trial.verdict === wanted).length;
  const golden = trials.filter(({ fault }) => fault === undefined).length;
  const counted = `${numbered(trials.length, 'trial')} (${numbered(golden, 'golden run')} among them)`;
  const verdicts = `${of('pass')} passed, ${of('fail')} failed, ${of('unknown')} unknown.`;
  const demanded = Object.values(definition.slo).some((value) => value !== undefined);
  return `${meaning(verdict, demanded)} Of ${counted}, ${verdicts}`;
}

function meaning(verdict: Verdict, demanded: boolean): string {
  if (!demanded) return 'The campaign demands nothing of the service, so nothing was judged against a limit.';
  if (verdict === 'pass') return 'The service kept what the campaign demands of it.';
  if (verdict === 'fail') return 'The service did not keep what the campaign demands of it.';
  return 'It is not known whether the service keeps what the campaign demands of it.';
}

function outcomeOf({ outcome, notRun }: Measures): string {
  const said = outcome === 'unknown' ? 'of which it is not known how it ended' : outcome;
  return notRun.length === 0 ? said : `${said}; ${numbered(notRun.length, 'trial')} never begun`;
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
