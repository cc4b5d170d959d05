import { z } from 'zod';
import type { StateFiles } from './state-files.ts';

/** Of containers that somebody runs with runc itself; the engines have it keep theirs elsewhere. */
const states = '/run/runc';

const stateSchema = z.object({
  id: z.string(),
  init_process_pid: z.int(),
  init_process_start: z.int(),
  /** By controller, each where its hierarchy is mounted; by no name where that is v2. */
  cgroup_paths: z.record(z.string(), z.string()).default({}),
});

interface RuncState {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number;
  /** Where a hierarchy has it, by its whole path. */
  readonly directories: readonly string[];
}

export async function runcStates(files: StateFiles): Promise<RuncState[]> {
  const found: RuncState[] = [];
  for (const name of await files.names(states)) {
    const state = await files.json(`${states}/${name}/state.json`, stateSchema);
    if (state === undefined) continue;
    const { id, init_process_pid: pid, init_process_start: startTicks, cgroup_paths: paths } = state;
    found.push({ id, pid, startTicks, directories: Object.values(paths) });
  }
  return found;
}
