/** Sends a signal to all that a process started and that did not leave its group; to nothing where it did not start itself. */
export function signalGroup(leader: number | undefined, name: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, name);
  } catch {
    // The group is gone already.
  }
}

/** How long a program that was told to end may take to tidy up. */
export const graceMs = 2_000;
