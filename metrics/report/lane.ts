import type { Notice } from '../measures/infrastructure-measures.ts';
import type { CombinedFault, InjectionFacts, Instants, TrialMeasures } from '../measures/measures.ts';
import { offset, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import type { Scale } from './scale.ts';

interface LaneRow {
  readonly label: string;
  readonly marks: readonly Markup[];
  readonly says: string;
}

/** A mark whose place is less certain than this share of the axis shows how uncertain it is. */
const visibleError = 0.004;
/** Of the axis, so that the words of a mark have room on its right, or else on its left, on a telephone too. */
const roomForWords = { right: 0.42, left: 0.4 };

/** What was done to the system and what came of it, one row for each kind, on the axis of the timeline. */
export function lane(trial: TrialMeasures, time: Scale, zeroUs: number): Markup | undefined {
  const rows = [faultRow, effectRow, absenceRow, outageRow, detectionRow, repairRow].flatMap(
    (row) => row(trial, time, zeroUs) ?? [],
  );
  if (rows.length === 0) return undefined;
  return markup`<div class="lane" role="img" aria-label="${rows.map(({ label, says }) => `${label}: ${says}`).join('. ')}">${rows.map(
    ({ label, marks }) =>
      markup`<div class="row"><span class="label">${label}</span><div class="track">${marks}</div></div>`,
  )}</div>
`;
}

type Row = (trial: TrialMeasures, time: Scale, zeroUs: number) => LaneRow | readonly LaneRow[] | undefined;

const faultRow: Row = ({ instants, fault, injections }, time, zeroUs) => {
  if (instants === undefined || fault === undefined) return undefined;
  if (fault.faults !== undefined)
    return fault.faults.map((one) => combinedRow(one, instants, injections, time, zeroUs));
  const { injectUs, removeUs } = instants;
  const text = `${fault.mechanism}, ${span(removeUs - injectUs)}`;
  const marks = [bar('fault', injectUs, removeUs, time), words(text, removeUs, injectUs, time)];
  return { label: 'Fault', marks, says: `${text}, from ${offset(injectUs - zeroUs)}` };
};

/** Of a combination each fault has a row, as long as its injections were there; one that is over at once, as long as it is taken to last. */
function combinedRow(
  { name, atUs, durationUs }: CombinedFault,
  { injectUs }: Instants,
  injections: readonly InjectionFacts[],
  time: Scale,
  zeroUs: number,
): LaneRow {
  const own = injections.filter(({ fault, activeUs }) => fault === name && activeUs !== undefined);
  if (own.length === 0) {
    const text = `${name}, never active`;
    const plannedUs = injectUs + atUs;
    return { label: 'Fault', marks: [words(text, plannedUs, plannedUs, time)], says: text };
  }
  const fromUs = Math.min(...own.map(({ activeUs = 0 }) => activeUs));
  const ends = own.map(({ oneShot, revertedUs }) => (oneShot ? undefined : revertedUs));
  const untilUs = Math.max(...ends.map((endUs) => endUs ?? fromUs + durationUs));
  const text = `${name}, ${span(untilUs - fromUs)}`;
  const marks = [bar('fault', fromUs, untilUs, time), words(text, untilUs, fromUs, time)];
  return { label: 'Fault', marks, says: `${text}, from ${offset(fromUs - zeroUs)}` };
}

const effectRow: Row = ({ injections }, time, zeroUs) => {
  const known = injections.flatMap(({ firstEffectUs, lastEffectUs }) =>
    firstEffectUs === undefined ? [] : [{ firstUs: firstEffectUs, lastUs: lastEffectUs ?? firstEffectUs }],
  );
  if (known.length === 0) return undefined;
  const firstUs = Math.min(...known.map((effect) => effect.firstUs));
  const lastUs = Math.max(...known.map((effect) => effect.lastUs));
  const first = offset(firstUs - zeroUs);
  const text = firstUs === lastUs ? `at ${first}` : `${first} to ${offset(lastUs - zeroUs)}`;
  const bars = known.map((effect) => bar('effect', effect.firstUs, effect.lastUs, time));
  return { label: 'Effects', marks: [...bars, words(text, lastUs, firstUs, time)], says: text };
};

const absenceRow: Row = ({ absences, instants }, time, zeroUs) => {
  const [first] = absences;
  if (first === undefined || instants === undefined) return undefined;
  const spans = absences.map(
    ({ lastHeardUs, returnedUs = instants.endUs }) => [lastHeardUs, returnedUs] as const,
  );
  const lastUs = Math.max(...spans.map(([, untilUs]) => untilUs));
  const text = absences.map(({ host, fate }) => `${host} ${absenceWords[fate]}`).join(', ');
  const bars = spans.map(([fromUs, untilUs]) => bar('away', fromUs, untilUs, time));
  return {
    label: 'Away',
    marks: [...bars, words(text, lastUs, first.lastHeardUs, time)],
    says: `${text}, from ${offset(first.lastHeardUs - zeroUs)}`,
  };
};

const absenceWords = { crashed: 'crashed', silent: 'silent', unknown: 'not back' } as const;

const outageRow: Row = ({ service }, time, zeroUs) => {
  const { outages = [], recovered = true } = service?.unavailability ?? {};
  const [first, last] = [outages[0], outages.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const length = outages.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  const text = `${recovered ? '' : '∞, at least '}${span(length)}${outages.length === 1 ? '' : ` in ${outages.length}`}`;
  const bars = outages.map(({ fromUs, toUs }) => bar('outage', fromUs, toUs, time));
  return {
    label: 'Outages',
    marks: [...bars, words(text, last.toUs, first.fromUs, time)],
    says: `${text}, from ${offset(first.fromUs - zeroUs)}`,
  };
};

const detectionRow: Row = ({ infrastructure: { response } }, time, zeroUs) => {
  const detection = response?.detection;
  if (detection === undefined) return undefined;
  const text = `${offset(detection.atUs - zeroUs)} by ${detection.watch}`;
  return {
    label: 'Detected',
    marks: [...mark('detected', detection, time), words(text, ...ends(detection), time)],
    says: text,
  };
};

const repairRow: Row = ({ infrastructure: { response }, instants }, time, zeroUs) => {
  const { begun, done, healedOnRemoval } = response ?? {};
  if (begun === undefined && done === undefined) {
    if (healedOnRemoval !== true || instants === undefined) return undefined;
    const text = 'none: healed on removal';
    const { removeUs } = instants;
    return {
      label: 'Repair',
      marks: [dot('healed', removeUs, time), words(text, removeUs, removeUs, time)],
      says: text,
    };
  }
  const fromUs = begun?.atUs ?? done?.atUs ?? 0;
  const untilUs = done?.atUs ?? fromUs;
  const ended = done === undefined ? 'not said to be done' : offset(done.atUs - zeroUs);
  const text = `${ended} by ${response?.by ?? begun?.by ?? done?.by ?? ''}`;
  return {
    label: 'Repair',
    marks: [
      bar('repair', fromUs, untilUs, time),
      ...(begun === undefined ? [] : mark('begun', begun, time)),
      ...(done === undefined ? [] : mark('done', done, time)),
      words(text, ...ends(begun, done), time),
    ],
    says: `begun ${begun === undefined ? 'unknown' : offset(begun.atUs - zeroUs)}, done ${text}`,
  };
};

function bar(name: string, fromUs: number, untilUs: number, time: Scale): Markup {
  const left = time.place(fromUs);
  return markup`<span class="bar ${name}" style="left:${share(left)};width:${share(time.place(untilUs) - left)}"></span>`;
}

/** With a whisker as long as its instant is uncertain, where that can be seen. */
function mark(name: string, { atUs, errorUs }: Notice, time: Scale): Markup[] {
  const [left, right] = [time.place(atUs - errorUs), time.place(atUs + errorUs)];
  const whisker =
    right - left < visibleError
      ? []
      : [markup`<span class="whisker" style="left:${share(left)};width:${share(right - left)}"></span>`];
  return [...whisker, dot(name, atUs, time)];
}

/** The last instant and the first one that marks and their whiskers reach. */
function ends(...notices: readonly (Notice | undefined)[]): [lastUs: number, firstUs: number] {
  const known = notices.filter((notice) => notice !== undefined);
  return [
    Math.max(...known.map(({ atUs, errorUs }) => atUs + errorUs)),
    Math.min(...known.map(({ atUs, errorUs }) => atUs - errorUs)),
  ];
}

function dot(name: string, atUs: number, time: Scale): Markup {
  return markup`<span class="at ${name}" style="left:${share(time.place(atUs))}"></span>`;
}

/** On the right of what ends at one instant, or on the left of what begins at another. */
function words(text: string, rightOfUs: number, leftOfUs: number, time: Scale): Markup {
  const [right, left] = [time.place(rightOfUs), time.place(leftOfUs)];
  if (1 - right >= roomForWords.right)
    return markup`<span class="words" style="left:${share(right)}">${text}</span>`;
  if (left >= roomForWords.left)
    return markup`<span class="words before" style="right:${share(1 - left)}">${text}</span>`;
  return markup`<span class="words inside" style="left:${share(left)};right:${share(1 - right)}"><span>${text}</span></span>`;
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(2))}%`;
}
