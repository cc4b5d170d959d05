/** What is wrong at one place of a campaign file. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** Such as `faultload[2].intensity.share`; empty for the file as a whole. */
  readonly path: string;
  /** What was found, and what is allowed. */
  readonly message: string;
}
