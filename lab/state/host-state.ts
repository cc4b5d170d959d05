import { stat } from 'node:fs/promises';
import { DetachedProcess } from '../machine/detached-process.ts';
import { consoleTail } from '../machine/console.ts';
import { Machine } from '../machine/machine.ts';
import type { MachineFiles } from '../machine/machine-files.ts';

export interface HostState {
  readonly name: string;
  /** `died` is of a machine that ended without being told to, and was not started since. */
  readonly state: 'running' | 'booting' | 'off' | 'died';
  readonly pid?: number;
  /** Of a machine that runs. */
  readonly bootMs?: number;
  /** Of one that died. */
  readonly lastWords?: string;
}

const lastLines = 10;

export async function hostState(name: string, files: MachineFiles): Promise<HostState> {
  const machine = await Machine.running(name, files.directory);
  if (machine !== undefined) {
    const { pid, bootMs } = machine;
    return (await hasBooted(files))
      ? { name, state: 'running', pid, bootMs }
      : { name, state: 'booting', pid };
  }
  const known = await DetachedProcess.known(files.process);
  if (known === undefined || !(await known.isOfThisBoot())) return { name, state: 'off' };
  return { name, state: 'died', lastWords: await consoleTail(files.console, lastLines) };
}

async function hasBooted(files: MachineFiles): Promise<boolean> {
  return await stat(files.boot).then(
    () => true,
    () => false,
  );
}
