import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';
import { verdictSign } from './verdict.ts';

/** Every trial, cell by cell: where a reader of a large campaign begins. */
export function cellsIndex({ trials, groups }: Measures): Markup {
  const cells = groups.filter(({ by }) => by === 'cell').map(({ name }) => name);
  const golden = trials.filter(({ fault }) => fault === undefined);
  return markup`<nav class="index" aria-label="Trials by cell"><dl>
${cells.map((cell) =>
  line(
    cell,
    trials.filter(({ fault }) => fault?.cell === cell),
  ),
)}
${golden.length === 0 ? undefined : line('golden runs', golden)}
</dl></nav>`;
}

function line(name: string, trials: readonly TrialMeasures[]): Markup {
  return markup`<div><dt>${name}</dt><dd>${trials.map(
    ({ trial, verdict }) =>
      markup`<a class="chip ${verdict}" href="#trial-${trial}">${trial}${verdictSign(verdict)}</a> `,
  )}</dd></div>`;
}
