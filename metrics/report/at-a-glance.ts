import type { GroupMeasures, Measures } from '../measures/measures.ts';
import { shareText } from './share.ts';
import { latency, span } from './format.ts';
import { markup, type Markup } from './markup.ts';

/** The numbers that are asked for first, of the valid trials with a fault. */
export function atAGlance({ groups }: Measures): Markup | undefined {
  const all = groups.find(({ by }) => by === 'all');
  if (all === undefined) return undefined;
  const { detection, recovery, falsePositives } = all.infrastructure;
  return markup`<section class="card"><h2>With a fault</h2>
<dl class="facts">
<div><dt>Longest interruption (U)</dt><dd>${longest(all)}</dd></div>
<div><dt>Largest L90 after the fault</dt><dd>${latency(all.maxL90Us)}</dd></div>
<div><dt>Detected by the infrastructure (FDC)</dt><dd>${shareText(detection.coverage)}${unknowns(detection.unknown)}</dd></div>
<div><dt>Recovered of the detected (FRC)</dt><dd>${shareText(recovery.coverage)}${unknowns(recovery.unknown)}</dd></div>
<div><dt>False alarms</dt><dd>${falsePositives}</dd></div>
</dl>
</section>`;
}

function longest({ notRecovered, maxUnavailabilityUs }: GroupMeasures): string {
  const finite = maxUnavailabilityUs === 'unknown' ? undefined : span(maxUnavailabilityUs);
  if (notRecovered.k === 0) return finite ?? 'unknown';
  const never = `∞: ${notRecovered.k} of ${notRecovered.n} did not recover`;
  return finite === undefined ? never : `${never}; of the others ${finite}`;
}

function unknowns(count: number): Markup | undefined {
  return count === 0 ? undefined : markup` <span class="doubt">(${count} unknown)</span>`;
}
