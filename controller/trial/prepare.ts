import type { Attempt } from './attempt.ts';
import { runCommands } from './commands.ts';

export async function prepare(attempt: Attempt): Promise<void> {
  await runCommands(attempt, 'prepare', attempt.plan.system.prepare);
}
