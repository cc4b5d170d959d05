import { faultTitle } from '../../campaign/fault-title.ts';
import type { Event } from '../../events/event.ts';
import { trialSteps } from '../../events/kinds.ts';
import { columnsOf, type Line, rendered, type Segment } from './segment.ts';
import type { WatchedCampaign, WatchedTrial } from './watched-campaign.ts';

export const verdicts = ['pass', 'fail', 'unknown'] as const;
type Verdict = (typeof verdicts)[number];
const verdictSigns = { pass: '✓', fail: '✗', unknown: '?' } as const;
const noticeSigns = { detection: '◆', 'recovery-begun': '▶', 'recovery-done': '●' } as const;
export const noticeWords = {
  detection: 'detected',
  'recovery-begun': 'recovery begun',
  'recovery-done': 'recovery done',
} as const;

/** No bar is read better for being longer. */
const widestBar = 60;

/** What is drawn again and again while a campaign runs: the trial that runs, and how far the campaign is. */
export function frame(watched: WatchedCampaign, nowUs: number, columns: number): Line[] {
  const { current } = watched;
  return [
    [],
    ...(current === undefined ? [] : [...trialLines(current, nowUs, columns), []]),
    ...campaignLines(watched, nowUs, columns),
  ];
}

/** A trial that is over, as a row of the table that grows above the frame; where a row has no room for all, it goes on in further ones. */
export function verdictLines(trial: WatchedTrial, time: Segment, columns: number): Line[] {
  const { attempt, fault, outcome, effects, notices } = trial;
  const verdict = outcome?.verdict ?? 'unknown';
  const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
  const named: Line = [
    time,
    { text: `${verdictSigns[verdict]} ${verdict.padEnd(7)}`, colour: verdict },
    `  ${trial.trial}  `,
    { text: `${faultTitle(fault)}${again}`.padEnd(16), colour: 'strong' },
  ];
  const told = notices.map(({ notice, afterUs }) => `${noticeWords[notice.means]} ${after(afterUs)}`);
  const parts = [effects.join(' + '), ...absencePhrases(trial), ...told, ...(outcome?.reasons ?? [])].filter(
    (part) => part !== '',
  );
  const all = parts.join(' · ');
  const room = columns - columnsOf(rendered(named, { columns: Infinity, colours: false })) - 2;
  if (columnsOf(all) <= room) return [all === '' ? named : [...named, `  ${all}`]];
  return [named, ...packed(parts, columns - detailIndent.length).map((row): Line => [detailIndent + row])];
}

const detailIndent = ' '.repeat(10);

/** As many parts in a row as fit. */
function packed(parts: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const part of parts) {
    const last = rows.at(-1);
    const joined = last === undefined ? part : `${last} · ${part}`;
    if (last !== undefined && columnsOf(joined) <= columns) rows[rows.length - 1] = joined;
    else rows.push(part);
  }
  return rows;
}

/** A colour says that there is something; none of it is faint. */
export function countOf(watched: WatchedCampaign, verdict: Verdict): Segment {
  const count = watched.count(verdict);
  return {
    text: `${verdictSigns[verdict]} ${count} ${verdict}`,
    colour: count === 0 ? 'faint' : verdict,
  };
}

function trialLines(trial: WatchedTrial, nowUs: number, columns: number): Line[] {
  const { fault, step, attempt } = trial;
  const what = fault?.cell === undefined ? '' : `  ${fault.cell} by ${fault.mechanism ?? '?'}`;
  const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
  const place =
    step === undefined
      ? ''
      : `step ${trialSteps.indexOf(step.name) + 1} of ${trialSteps.length}: ${step.name}`;
  const left = trial.schedule === undefined ? undefined : trial.schedule.endUs - nowUs;
  const remaining = left === undefined || left <= 0 ? '' : `, load for ${clock(left)} more`;
  return [
    [
      { text: `▸ ${trial.trial}  `, colour: 'strong' },
      { text: `${faultTitle(fault)}${again}`, colour: 'strong' },
      { text: what, colour: 'faint' },
    ],
    [`  ${place}${remaining}`],
    ...(trial.schedule === undefined ? [] : [timeline(trial, nowUs, columns)]),
    ...faultLines(trial, nowUs),
    ...absencePhrases(trial).map((phrase): Line => [{ text: `  ! ${phrase}`, colour: 'fault' }]),
    ...trial.notices.map(({ notice, afterUs }): Line => [
      {
        text: `  ${noticeSigns[notice.means]} ${noticeWords[notice.means].padEnd(14)} ${after(afterUs)}`,
        colour: 'notice',
      },
      `  ${notice.watch}: `,
      { text: withoutStamp(notice.text), colour: 'faint' },
    ]),
  ];
}

/** A row is short, and says when already. */
function withoutStamp(text: string): string {
  return text.replace(/^\[?\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-][\d:]+)?\]?:?\s+/, '');
}

/** Thin for the load, thick for the fault; filled for what is past. */
function timeline({ schedule, fault }: WatchedTrial, nowUs: number, columns: number): Line {
  if (schedule === undefined) return [];
  const width = barWidth(columns);
  const { startUs, injectUs, removeUs, endUs } = schedule;
  const at = (us: number): number =>
    Math.round(Math.min(1, Math.max(0, (us - startUs) / (endUs - startUs))) * width);
  const [from, until, now] = [at(injectUs), at(removeUs), at(nowUs)];
  const stretch = (begin: number, end: number, past: string, future: string): string =>
    past.repeat(Math.max(0, Math.min(end, now) - begin)) +
    future.repeat(Math.max(0, end - Math.max(begin, now)));
  const faulty = fault !== undefined;
  const middle = faulty ? stretch(from, until, '█', '░') : stretch(from, until, '━', '─');
  return [
    '  ',
    stretch(0, from, '━', '─'),
    faulty ? { text: middle, colour: 'fault' } : middle,
    stretch(until, width, '━', '─'),
    { text: faulty ? '  █ fault' : '  no fault', colour: 'faint' },
  ];
}

function faultLines({ fault, schedule, active, effects }: WatchedTrial, nowUs: number): Line[] {
  if (fault === undefined || schedule === undefined) return [];
  if (active.size > 0) {
    const past = nowUs - schedule.injectUs;
    const left = schedule.removeUs - nowUs;
    const end = left > 0 ? `${clock(left)} to its end` : 'at its end';
    const count = active.size === 1 ? '' : `${active.size} injections `;
    return [[{ text: `  ! ${count}active for ${clock(past)}, ${end}`, colour: 'fault' }]];
  }
  if (effects.length > 0) return [[`  reverted: ${effects.join(' + ')}`]];
  const until = schedule.injectUs - nowUs;
  return until > 0 ? [[{ text: `  fault in ${clock(until)}`, colour: 'faint' }]] : [];
}

function campaignLines(watched: WatchedCampaign, nowUs: number, columns: number): Line[] {
  const { done, pruned } = watched;
  const planned = watched.plan.trials.length - pruned;
  const width = barWidth(columns);
  const filled = planned === 0 ? 0 : Math.round((done / planned) * width);
  const { pausedBecause } = watched;
  const left = pausedBecause === undefined ? watched.remainingUs(nowUs) : undefined;
  const counts = verdicts.flatMap((verdict): Segment[] => [countOf(watched, verdict), { text: '   ' }]);
  return [
    [
      `  ${'━'.repeat(filled)}`,
      { text: '─'.repeat(width - filled), colour: 'faint' },
      `  ${done} of ${planned}${pruned === 0 ? '' : `, ${pruned} left out`}`,
    ],
    [
      '  ',
      ...counts,
      { text: left === undefined || done === planned ? '' : `about ${clock(left)} left`, colour: 'faint' },
    ],
    ...(pausedBecause === undefined
      ? []
      : [
          [
            {
              text: `  paused: ${pausedBecause}; no attempt begins until it is resumed`,
              colour: 'fault',
            } as const,
          ],
        ]),
  ];
}

function barWidth(columns: number): number {
  return Math.max(10, Math.min(widestBar, columns - 16));
}

/** m:ss */
function clock(us: number): string {
  const seconds = Math.max(0, Math.round(us / 1e6));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What is known of the hosts that were away, a phrase each. */
export function absencePhrases({ absences, injectedUs }: WatchedTrial): string[] {
  const at = (us: number): string => (injectedUs === undefined ? '' : ` ${after(us - injectedUs)}`);
  return [...absences].map(([host, { lastHeardUs, back }]) =>
    back === undefined
      ? `${host} silent${injectedUs === undefined ? '' : ` since${at(lastHeardUs)}`}`
      : `${host} ${back.crashed ? 'crashed, ' : 'was silent, '}back${at(back.atUs)}`,
  );
}

/** What came of the waiting of a fault that begins upon a notice. */
export function awaitedPhrase({ injectedUs }: WatchedTrial, { body }: Event<'fault.awaited'>): string {
  const { fault, means, rule, startUs } = body;
  if (startUs === undefined || rule === undefined)
    return `${fault} does not begin: nothing that means ${means} came in time`;
  // Whoever watches from amid a trial has not heard when it was to be injected.
  const when = injectedUs === undefined ? '' : ` ${after(startUs - injectedUs)}`;
  return `${fault} begins${when}, upon ${means}: ${rule}`;
}

export function after(us: number): string {
  return `${us < 0 ? '-' : '+'}${(Math.abs(us) / 1e6).toFixed(2)} s`;
}
