import { readFile } from 'node:fs/promises';
import { DetachedProcess } from '../machine/detached-process.ts';
import type { LabFiles } from './lab-files.ts';

export interface SwitchState {
  /** `died` is of one that ended without being told to: no host has a network of data until all have been started again. */
  readonly state: 'running' | 'off' | 'died';
  /** Of one that died. */
  readonly lastWords?: string;
}

const lastLines = 5;

export async function switchState({ process: file, log }: LabFiles['switch']): Promise<SwitchState> {
  const known = await DetachedProcess.known(file);
  if (known === undefined || !(await known.isOfThisBoot())) return { state: 'off' };
  if (await known.isAlive()) return { state: 'running' };
  const said = await readFile(log, 'utf8').catch(() => '');
  return { state: 'died', lastWords: said.trimEnd().split('\n').slice(-lastLines).join('\n') };
}
