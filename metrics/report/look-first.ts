import { faultTitle } from '../../campaign/fault-title.ts';
import type { Judgement, Measures, TrialMeasures } from '../measures/measures.ts';
import { byReason } from './doubts.ts';
import { foundText, limitText, measureTitles } from './limit.ts';
import { markup, type Markup } from './markup.ts';
import { worstFirst } from './notable.ts';
import { trialLink, trialLinks } from './trial-link.ts';

/** A first screen names the worst; all of them are further down. */
const mostLines = 3;
const mostLinks = 6;

/** The worst trials, those of which nothing can be said, with the reason, and what the infrastructure missed. */
export function lookFirst({ trials, reasons }: Measures): Markup {
  const ofNoTrial = reasons.filter((reason) => !trials.some(({ trial }) => reason.startsWith(`${trial}:`)));
  const failed = worstFirst(trials);
  const lines = [
    ...ofNoTrial.slice(0, mostLines).map((reason) => markup`${reason}`),
    ...failed.slice(0, mostLines).map(worst),
    ...named(
      'More that failed',
      failed.slice(mostLines).map(({ trial }) => trial),
    ),
    ...unknownLines(trials),
    ...(failed.length > 0 ? [] : nearest(trials)),
    ...missed(trials),
  ];
  return markup`<section class="card look"><h2>Look first at</h2>
${lines.length === 0 ? markup`<p>Nothing stands out.</p>` : markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`}
</section>`;
}

function worst({ trial, fault, reasons }: TrialMeasures): Markup {
  return markup`${trialLink(trial)} ${faultTitle(fault)}: ${reasons.join('; ')}`;
}

function named(what: string, trials: readonly string[]): Markup[] {
  return trials.length === 0 ? [] : [markup`${what}: ${trialLinks(trials, mostLinks)}`];
}

function unknownLines(trials: readonly TrialMeasures[]): Markup[] {
  const doubts = byReason(trials.filter(({ verdict }) => verdict === 'unknown'));
  const lines = doubts
    .slice(0, mostLines)
    .map(({ reason, trials: whose }) => markup`Unknown, ${trialLinks(whose, mostLinks)}: ${reason}`);
  return doubts.length > mostLines
    ? [...lines, markup`There is more that is <a href="#doubts">not known</a>.`]
    : lines;
}

/** Where all is well: what came nearest to its limit. A throughput is never far above its own, since no more is sent than is planned. */
function nearest(trials: readonly TrialMeasures[]): Markup[] {
  const [closest] = trials
    .flatMap((trial) =>
      trial.judgements.map((judgement) => ({ trial, judgement, share: shareOfLimit(judgement) })),
    )
    .toSorted((one, other) => other.share - one.share);
  if (closest === undefined) return [];
  const { trial, judgement } = closest;
  const { measure, demanded } = judgement;
  return [
    markup`Nearest to its limit: ${trialLink(trial.trial)} ${faultTitle(trial.fault)}, ${measureTitles[measure]} ${foundText(judgement)} (${limitText(measure, demanded)})`,
  ];
}

function shareOfLimit({ measure, demanded, found }: Judgement): number {
  if (typeof found !== 'number' || measure === 'throughput') return 0;
  return found / Math.max(demanded, 1);
}

function missed(trials: readonly TrialMeasures[]): Markup[] {
  const answered = trials.flatMap(({ trial, valid, infrastructure: { response } }) =>
    valid && response !== undefined ? [{ trial, response }] : [],
  );
  const undetected = answered.filter(
    ({ response }) => response.detected === false && response.harmed === true,
  );
  const unrepaired = answered.filter(
    ({ response }) => response.detected === true && response.recovered === false,
  );
  return [
    ...named(
      'Did harm and was not detected',
      undetected.map(({ trial }) => trial),
    ),
    ...named(
      'Detected and not recovered',
      unrepaired.map(({ trial }) => trial),
    ),
  ];
}
