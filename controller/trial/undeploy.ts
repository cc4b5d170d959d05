import type { Attempt } from './attempt.ts';
import { runCommands } from './commands.ts';

/** Takes the system down, and with it what the fault did to it. */
export async function undeploy(attempt: Attempt): Promise<void> {
  await runCommands(attempt, 'undeploy', attempt.plan.system.undeploy);
}
