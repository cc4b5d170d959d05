import type { ControlGroup } from './cgroup/control-group.ts';

/**
 * What ends a fault that is nothing but values in files of a cgroup, when the agent cannot: the guardian of the agent knows how to read and
 * write such files, and nothing else.
 */
export interface Will {
  readonly group: ControlGroup;
  /** In the order in which they are to be written. */
  readonly restores: readonly Restore[];
  /** Whether the fault is nothing else; else the rest of it has ended with its agent, before the deadline. */
  readonly isWhole: boolean;
}

/** Only a file that says what the fault has written gets back what it said before: any other value is the newer wish of somebody else. */
export interface Restore {
  readonly file: string;
  readonly applied: string;
  readonly before: string;
}
