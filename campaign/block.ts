/** What blocks need to know of a trial. */
interface Member {
  readonly repetition: number;
  /** Absent in a golden run. */
  readonly fault?: unknown;
}

/**
 * The block that each of the trials lies in, in their order. The repetition of a fault is its block; a golden run, which is of no repetition, lies in the
 * block that it runs before, the last ones in the last.
 */
export function blocksOf(inOrder: readonly Member[]): number[] {
  const blocks = new Array<number>(inOrder.length).fill(0);
  let next = Math.max(0, ...inOrder.filter(isFaulty).map(({ repetition }) => repetition));
  for (const [place, trial] of [...inOrder.entries()].reverse()) {
    if (isFaulty(trial)) next = trial.repetition;
    blocks[place] = next;
  }
  return blocks;
}

function isFaulty({ fault }: Member): boolean {
  return fault !== undefined;
}
