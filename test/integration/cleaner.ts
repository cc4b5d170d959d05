/** Whoever takes away, in the end, what was made for it: the context of a test, or the place of a benchmark. */
export interface Cleaner {
  after(cleanUp: () => unknown): void;
}
