import type { CommandPlan } from '../../campaign/plan.ts';
import type { Attempt } from './attempt.ts';
import { limits } from './limits.ts';

/** Runs commands on their hosts, one after the other: a later one may rest on an earlier one. */
export async function runCommands(
  attempt: Attempt,
  step: string,
  commands: readonly CommandPlan[],
): Promise<void> {
  for (const [index, { host, argv, timeoutUs }] of commands.entries()) {
    const id = attempt.taskId(`${step}-${index}`);
    attempt.assign(host, id, { command: { argv: [...argv], timeoutUs } });
    await attempt.ended(id, { withinUs: timeoutUs + limits.reportUs });
  }
}
