import { markup, type Markup } from './markup.ts';
import type { Scale } from './scale.ts';

/** One plot of a timeline. */
export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly fromUs: number;
  readonly untilUs: number;
  readonly binUs: number;
  readonly scale: Scale;
  readonly label: (value: number) => string;
  readonly limits: readonly number[];
}

export interface Line {
  /** The style sheet's name for it. */
  readonly name: string;
  /** One a bin. Undefined: not known, a gap. Infinity: above everything, a bar at the upper edge. */
  readonly values: readonly (number | undefined)[];
  readonly legend?: string;
}

interface Surroundings {
  readonly time: Scale;
  readonly window: Stretch | undefined;
}

/** The time of the fault. */
export interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
  /** There was none: it is when one would have been. */
  readonly planned: boolean;
}

/** The drawing is stretched to the width of the page; the text beside it is not. */
const width = 1000;
const height = 100;
/** How much of the height a bar at an edge takes. */
const barHeight = 5;

export function panel(one: Panel, { time, window }: Surroundings): Markup {
  const x = (atUs: number): number => round(time.place(atUs) * width);
  const y = (value: number): number => round((1 - one.scale.place(value)) * height);
  const gridlines = one.scale.ticks.map(
    (tick) => markup`<line class="grid" x1="0" x2="${width}" y1="${y(tick)}" y2="${y(tick)}"/>`,
  );
  const limits = one.limits.map(
    (limit) => markup`<line class="limit" x1="0" x2="${width}" y1="${y(limit)}" y2="${y(limit)}"/>`,
  );
  return markup`<div class="panel">
<div class="title">${one.title}${one.lines.map(legend)}${one.limits.length === 0 ? undefined : markup`<span class="legend reference">reference</span>`}</div>
<div class="plot"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"><title>${one.title}</title>${
    window === undefined ? undefined : shade(window, x)
  }${gridlines}${limits}${one.lines.map((line, at) => drawn(line, one, x, y, at))}</svg>${one.scale.ticks.map(
    (tick) => markup`<span class="tick" style="top:${y(tick)}%">${one.label(tick)}</span>`,
  )}</div>
</div>
`;
}

function shade({ fromUs, untilUs, planned }: Stretch, x: (atUs: number) => number): Markup {
  const [left, right] = [x(fromUs), x(untilUs)];
  const edges = [left, right].map(
    (at) => markup`<line class="edge" x1="${at}" x2="${at}" y1="0" y2="${height}"/>`,
  );
  if (planned) return markup`${edges}`;
  return markup`<rect class="fault" x="${left}" y="0" width="${round(right - left)}" height="${height}"/>${edges}`;
}

function drawn(
  { name, values }: Line,
  { fromUs, untilUs, binUs }: Panel,
  x: (atUs: number) => number,
  y: (value: number) => number,
  row: number,
): Markup {
  const edge = (index: number): number => x(Math.min(fromUs + index * binUs, untilUs));
  const steps: string[] = [];
  let [atX, atY] = [0, 0];
  const bars: Markup[] = [];
  let joined = false;
  let beyondFrom: number | undefined;
  for (const [index, value] of [...values, undefined].entries()) {
    const finite = value !== undefined && value !== Infinity;
    if (finite) {
      const [left, right, level] = [edge(index), edge(index + 1), y(value)];
      if (!joined) steps.push(`M${left} ${level}`);
      else if (level !== atY) steps.push(`H${atX}v${level - atY}`);
      [atX, atY] = [right, level];
    } else if (joined) steps.push(`H${atX}`);
    joined = finite;
    if (value === Infinity) beyondFrom ??= index;
    else if (beyondFrom !== undefined) {
      bars.push(bar(`beyond ${name}`, edge(beyondFrom), edge(index), row * barHeight));
      beyondFrom = undefined;
    }
  }
  return markup`<path class="line ${name}" d="${steps.join('')}"/>${bars}`;
}

function bar(name: string, left: number, right: number, top: number): Markup {
  return markup`<rect class="${name}" x="${left}" y="${top}" width="${round(right - left)}" height="${barHeight}"/>`;
}

function legend({ name, legend: text }: Line): Markup | undefined {
  if (text === undefined) return undefined;
  return markup`<span class="legend ${name}">${text}</span>`;
}

/** A unit is less than two pixels of a wide page, and short numbers keep a report of hundreds of trials small. */
function round(value: number): number {
  return Math.round(value);
}
