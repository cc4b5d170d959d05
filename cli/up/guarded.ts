import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { guardianProgram } from '../../service/guardian-program.ts';

/** The command line of an agent's guardian, which starts that agent; the agent's own where no guardian was built. */
export function guarded(host: string, stateDirectory: string, agent: readonly string[]): string[] {
  const program = guardianProgram();
  if (!existsSync(program)) return [...agent];
  const settings = ['--wills', join(stateDirectory, 'wills'), '--cgroup', `ordeal-agent-${host}`];
  return [program, ...settings, '--', ...agent];
}
