import { fstatSync } from 'node:fs';
import type { Log } from '../../service/log.ts';
import { noGuardian, type Guardian } from './guardian.ts';
import { Line } from './line.ts';
import { Wills } from './wills.ts';

const variable = 'ORDEAL_GUARDIAN';

interface Connected {
  readonly guardian: Guardian;
  close(): void;
}

/** To the guardian that has started this process, if one has: it says in the environment at which descriptor it is to be asked. */
export async function connectGuardian(
  stateDirectory: string,
  inUse: ReadonlySet<string>,
  log: Log,
): Promise<Connected> {
  const descriptor = Number(process.env[variable]);
  // What this process starts has no such line.
  Reflect.deleteProperty(process.env, variable);
  if (!Number.isInteger(descriptor) || !fstatSync(descriptor).isSocket()) {
    log.warn('this agent has no guardian: if it is killed, some faults last until it is started anew');
    return { guardian: noGuardian, close: () => undefined };
  }
  const line = new Line(descriptor, () => {
    log.error('the guardian of this agent is gone: the agent ends, and its faults with it');
  });
  const wills = await Wills.open(stateDirectory, line, log);
  await wills.withdrawAllBut(inUse);
  return { guardian: wills, close: () => line.close() };
}
