/** In the order in which they are applied to the repairs: the lock of one-restart-at-a-time goes around all else that a restart does. */
export const bugNames = ['unchecked-copy', 'one-restart-at-a-time', 'sorry-for-good'] as const;

export type BugName = (typeof bugNames)[number];
