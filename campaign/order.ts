import { seeded } from '../injectors/seeded.ts';
import type { Campaign } from './campaign.ts';

interface Entry<Treatment> {
  /** Absent: a golden run. */
  readonly treatment?: Treatment;
  /** From 1. */
  readonly repetition: number;
}

/**
 * Randomised blocks: every treatment once in each repetition, shuffled by the seed, so that a drift of the system falls on all of them
 * alike; within a block those of a lower rank come first. Golden runs are spread evenly, the first before all (what is broken without a fault shows before any) and the last after all (drift shows).
 */
export function orderOfTrials<Treatment>(
  { seed, repetitions, goldenRuns }: Pick<Campaign, 'seed' | 'repetitions' | 'goldenRuns'>,
  treatments: readonly Treatment[],
  rankOf: (treatment: Treatment) => number = () => 0,
): Entry<Treatment>[] {
  const inBlocks = Array.from({ length: repetitions }, (_, block) =>
    shuffled(treatments, seeded(seed, `block ${block + 1}`))
      .toSorted((one, other) => rankOf(one) - rankOf(other))
      .map((treatment): Entry<Treatment> => ({ treatment, repetition: block + 1 })),
  ).flat();
  const gaps = Math.max(goldenRuns - 1, 1);
  const goldenBefore = Array.from({ length: goldenRuns }, (_, run) =>
    Math.round((run * inBlocks.length) / gaps),
  );
  const order: Entry<Treatment>[] = [];
  let golden = 0;
  for (let place = 0; place <= inBlocks.length; place += 1) {
    for (; goldenBefore[golden] === place; golden += 1) order.push({ repetition: golden + 1 });
    const entry = inBlocks[place];
    if (entry !== undefined) order.push(entry);
  }
  return order;
}

/** Fisher and Yates. */
function shuffled<Thing>(things: readonly Thing[], random: () => number): Thing[] {
  const rest = [...things];
  return things.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}
