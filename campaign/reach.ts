import { reachOf } from '../metrics/measures/statistics/smallest-p.ts';
import { blocksOf } from './block.ts';
import type { TrialPlan } from './plan.ts';

/** What the comparison of a plan's cells with its golden runs can show at the best. */
export interface Reach {
  readonly cells: number;
  readonly goldenRuns: number;
  /** Of the cell that can show the least: the smallest p after Holm's correction for the cells, and how many trials it has. */
  readonly smallest: number;
  readonly trials: number;
}

type Planned = Pick<TrialPlan, 'repetition' | 'fault' | 'combination'>;

/** Undefined where there is nothing to compare. */
export function reachOfPlan(planned: readonly Planned[]): Reach | undefined {
  const inOrder = planned.map((trial) => ({ repetition: trial.repetition, fault: cellOf(trial) }));
  const cells = [...new Set(inOrder.flatMap(({ fault }) => fault ?? []))];
  const goldenRuns = inOrder.filter(({ fault }) => fault === undefined).length;
  const blocks = blocksOf(inOrder);
  const countIn = (cell: string | undefined): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const [place, { fault }] of inOrder.entries()) {
      const block = blocks[place] ?? 0;
      if (fault === cell) counts.set(block, (counts.get(block) ?? 0) + 1);
    }
    return counts;
  };
  const golden = countIn(undefined);
  const reaches = cells.map((cell): Reach => {
    const own = countIn(cell);
    const sizes = [...new Set(blocks)].map((block) => ({
      ones: own.get(block) ?? 0,
      others: golden.get(block) ?? 0,
    }));
    const { smallest } = reachOf(sizes, cells.length);
    const trials = sizes.reduce((sum, { ones }) => sum + ones, 0);
    return { cells: cells.length, goldenRuns, smallest, trials };
  });
  return reaches.toSorted((one, other) => other.smallest - one.smallest)[0];
}

/** As the measures name it, which join the cells of a combination; undefined of a golden run. */
function cellOf({ fault, combination }: Planned): string | undefined {
  return fault?.cell ?? combination?.faults.map((timed) => timed.fault.cell).join(' + ');
}
