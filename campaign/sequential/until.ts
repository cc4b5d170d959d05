/** When a campaign has enough repetitions; its own number of them is the most. */
export interface Until {
  /** All of these have to be as narrow as asked; none where only the time is bounded. */
  readonly narrow: readonly Narrow[];
  /** Of the whole campaign: no block begins when it is over. */
  readonly timeUs?: number;
  /** So many blocks are run in any case. */
  readonly atLeast: number;
}

/** The 95% interval of a measure, of every group of a kind. */
export interface Narrow {
  readonly measure: NarrowMeasure;
  readonly by: 'all' | 'cell';
  /** From its lower to its upper end, at most: microseconds, requests a second, or a share of 1. */
  readonly width: number;
}

export const narrowMeasures = [
  'l50',
  'l90',
  'throughput',
  'unavailability',
  'detection',
  'recovery',
] as const;
export type NarrowMeasure = (typeof narrowMeasures)[number];

/** By which name the results call what `until` has left out; no policy has it. */
export const untilPolicy = 'until';

/** Why there were enough repetitions, for people. */
export const enoughBecause = {
  narrow: 'every interval was as narrow as asked',
  time: 'the time that was given was over',
  repetitions: 'no repetition was left',
} as const;
