import type { Attempt } from './attempt.ts';
import { checkHosts } from './host-check.ts';

/** Clean is what was looked at and found clean. */
export async function verifyClean(attempt: Attempt): Promise<void> {
  await checkHosts(attempt, 'clean');
}
