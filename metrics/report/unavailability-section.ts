import type { GroupMeasures, Measures, TrialMeasures } from '../measures/measures.ts';
import { span, unavailability } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { linearScale, type Scale } from './scale.ts';

/** How long the service was gone in each trial, cell by cell, on one axis. */
export function unavailabilitySection({ trials, groups, definition }: Measures): Markup {
  const demandedUs = definition.slo.unavailabilityUs;
  const valid = trials.filter(({ valid: counted, service }) => counted && service !== undefined);
  const scale = linearScale([
    ...valid.map(({ service }) => (service?.unavailability.us ?? 0) / 1e6),
    ...(demandedUs === undefined ? [] : [(demandedUs * 1.1) / 1e6]),
  ]);
  const rows = groups
    .filter(({ by }) => by === 'cell' || by === 'golden')
    .map((group) => ({ group, own: valid.filter((trial) => belongs(trial, group)) }));
  return markup`<section>
<h2 id="unavailability">Unavailability by cell</h2>
<figure class="ranges">
${rows.map(({ group, own }) => row(group, own, scale, demandedUs))}
<div class="range axis"><span class="label"></span><div class="track">${scale.ticks.map(
    (tick) => markup`<span class="tick" style="left:${share(scale.place(tick))}">${span(tick * 1e6)}</span>`,
  )}</div><span class="values"></span></div>
<figcaption>Each mark is one valid trial: a dot where the service came back, at its U; a triangle where it had not come back when the trial
ended, so that U is infinite (∞) and at least so much.${demandedUs === undefined ? '' : ` The dashed line is what is demanded: at most ${span(demandedUs)}.`}</figcaption>
</figure>
</section>`;
}

function belongs({ fault }: TrialMeasures, { by, name }: GroupMeasures): boolean {
  return by === 'golden' ? fault === undefined : fault?.cell === name;
}

function row(
  { by, name, trials }: GroupMeasures,
  own: readonly TrialMeasures[],
  scale: Scale,
  demandedUs: number | undefined,
): Markup {
  const marks = own.map(({ trial, service }) => {
    const { us, recovered } = service?.unavailability ?? { us: 0, recovered: true };
    return markup`<a class="${recovered ? 'dot' : 'censored'}" style="left:${share(scale.place(us / 1e6))}" href="#trial-${trial}" title="${trial}: ${unavailability({ us, recovered })}"></a>`;
  });
  const limit =
    demandedUs === undefined
      ? undefined
      : markup`<span class="limit" style="left:${share(scale.place(demandedUs / 1e6))}"></span>`;
  return markup`<div class="range"><span class="label">${by === 'golden' ? 'golden runs' : name}</span><div class="track">${limit}${marks}</div><span class="values">${values(own, trials)}</span></div>
`;
}

function values(own: readonly TrialMeasures[], of: number): string {
  if (own.length === 0) return `unknown: none of ${of} counts`;
  const found = own.flatMap(({ service }) => (service === undefined ? [] : [service.unavailability]));
  const finite = found.filter(({ recovered }) => recovered).map(({ us }) => us);
  const never = found.length - finite.length;
  const most = finite.length === 0 ? [] : [span(Math.max(...finite))];
  if (never === 0) return own.length === 1 ? most.join('') : `at most ${most.join('')} in ${own.length}`;
  return [`∞ in ${never} of ${own.length}`, ...most.map((text) => `else at most ${text}`)].join(', ');
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(2))}%`;
}
