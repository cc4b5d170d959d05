import { counted } from '../errors/counted.ts';

interface Planned {
  readonly name: string;
  readonly seed: number;
  readonly trials: number;
  readonly estimateUs: number;
  /** Where fewer trials may be enough; absent where all of them are run. */
  readonly leastEstimateUs?: number;
  readonly warnings: readonly string[];
  readonly reach?: Reach | undefined;
}

interface Reach {
  readonly smallest: number;
  readonly cells: number;
  readonly trials: number;
  readonly goldenRuns: number;
}

/** How large a plan is, how long it takes and what it can show; `more` is about how large it is. */
export function planSummary(
  { name, seed, trials, estimateUs, leastEstimateUs = estimateUs, warnings, reach }: Planned,
  more: readonly string[] = [],
): string[] {
  const [least, most] = [roughly(leastEstimateUs), roughly(estimateUs)];
  return [
    `${name}: ${counted(trials, 'trial')}, seed ${seed}, about ${least === most ? most : `${least} to ${most}`}`,
    ...more,
    ...(reach === undefined ? [] : [reachLine(reach)]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function reachLine({ smallest, cells, trials, goldenRuns }: Reach): string {
  const p = smallest < 0.0001 ? 'below 0.0001' : String(Number(smallest.toPrecision(2)));
  const corrected = cells === 1 ? '' : ` after the correction for ${cells} cells`;
  return `smallest p of a cell (${counted(trials, 'trial')}) against ${counted(goldenRuns, 'golden run')}${corrected}: ${p}`;
}

/** As exact as an estimate can be meant. */
function roughly(us: number): string {
  const seconds = Math.round(us / 1e6);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
