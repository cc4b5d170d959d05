import type { Place } from './place.ts';

/** One question about Ordeal's own speed or weight, and how it is answered. */
export interface Benchmark {
  /** As the command line names it; the name of its results' file too. */
  readonly name: string;
  readonly title: string;
  /** For the document: what is done, and what a figure means. */
  readonly method: string;
  run(place: Place): Promise<readonly Figure[]>;
}

export interface Figure {
  readonly what: string;
  readonly found: string;
  /** What it should be; absent where the figure is there to compare another one with. */
  readonly aim?: Aim;
  /** What has to be known to read it. */
  readonly note?: string;
}

export interface Aim {
  readonly text: string;
  readonly isMet: boolean;
}
