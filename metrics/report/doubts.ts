import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';
import { trialLinks } from './trial-link.ts';

interface Doubtful {
  readonly trial: string;
  readonly reasons: readonly string[];
}

interface Doubt {
  readonly reason: string;
  readonly trials: readonly string[];
}

/** The same doubt about a hundred trials is one line. */
export function byReason(doubtful: readonly Doubtful[]): Doubt[] {
  const trialsOf = new Map<string, string[]>();
  for (const { trial, reasons } of doubtful) {
    for (const reason of reasons) trialsOf.set(reason, [...(trialsOf.get(reason) ?? []), trial]);
  }
  return [...trialsOf].map(([reason, trials]) => ({ reason, trials }));
}

/** What the numbers do not say: what is unknown and why, and what was left out of them. */
export function doubtsSection({ trials, notCounted, notRun }: Measures): Markup {
  const doubtful = trials.filter(({ verdict, final, valid }) => verdict === 'unknown' || !final || !valid);
  const leftOut = doubtful.filter(({ valid }) => !valid).map(({ trial }) => trial);
  const unwatched = byReason(
    trials.map(({ trial, infrastructure }) => ({ trial, reasons: infrastructure.unknownBecause })),
  );
  return markup`<section>
<h2 id="doubts">What is not known, and why</h2>
<p>Unknown is never counted as good. A trial that is not complete, not clean, or whose fault touched nothing enters no group.</p>
${doubtful.length === 0 ? markup`<p>Of every trial that was run, all that was asked of the service is known.</p>` : table('Of the service', doubtColumns, byReason(doubtful.map(reasoned)))}
${leftOut.length === 0 ? undefined : markup`<p>In no group: ${trialLinks(leftOut)}.</p>`}
${unwatched.length === 0 ? undefined : table('Of detection and recovery', doubtColumns, unwatched)}
${notCounted.length === 0 ? markup`<p>No attempt was repeated.</p>` : table('Attempts that do not count: each was followed by another', notCountedColumns, notCounted)}
${notRun.length === 0 ? undefined : markup`<p>Never begun: ${notRun.join(', ')}.</p>`}
</section>`;
}

/** A trial that says nothing of its reasons is not left out for that. */
function reasoned({ trial, reasons }: TrialMeasures): Doubtful {
  return { trial, reasons: reasons.length === 0 ? ['no reason was given'] : reasons };
}

const doubtColumns: readonly Column<Doubt>[] = [
  { title: 'Why', cell: ({ reason }) => reason },
  { title: 'Trials', cell: ({ trials }) => trialLinks(trials) },
];

const notCountedColumns = [
  { title: 'Trial', cell: ({ trial }: Measures['notCounted'][number]) => trial },
  { title: 'Attempt', cell: ({ attempt }: Measures['notCounted'][number]) => attempt },
  { title: 'Outcome', cell: ({ outcome }: Measures['notCounted'][number]) => outcome },
  { title: 'Why', cell: ({ reason }: Measures['notCounted'][number]) => reason ?? 'no reason was given' },
];
