/** Something that was started and can be stopped; stopping twice is stopping once. */
export interface Running {
  stop(): Promise<void>;
}
