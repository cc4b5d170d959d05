import type { Attempt } from './attempt.ts';
import { runCommands } from './commands.ts';
import { limits } from './limits.ts';

/** The system under benchmark is put in place, on hosts that are all there. */
export async function deploy(attempt: Attempt): Promise<void> {
  const { fleet } = attempt.options;
  const here = attempt.hosts.map(
    async (host) => await fleet.waitForHost(host, { withinUs: limits.stageUs, signal: attempt.signal }),
  );
  await Promise.all(here);
  await runCommands(attempt, 'deploy', attempt.plan.system.deploy);
}
