import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The virtual machine that this agent runs in. */
export interface OwnMachine {
  /** What virtualises it, as it says so itself. */
  readonly virtualisedBy: string;
}

/** The inode of the first pid namespace of every Linux (PROC_PID_INIT_INO): who is in another is in a container. */
const firstPidNamespace = 'pid:[4026531836]';

/**
 * Undefined where the processor says nothing of a hypervisor, where the agent is in a container, and where it has a network namespace beside that of the
 * machine (as the hosts of the embedded target have): such a one cannot speak for the machine.
 */
export async function readOwnMachine(root = '/'): Promise<OwnMachine | undefined> {
  const namespace = async (process: string, kind: string): Promise<string> =>
    await readlink(join(root, 'proc', process, 'ns', kind)).catch(() => '');
  if ((await namespace('self', 'pid')) !== firstPidNamespace) return undefined;
  if ((await namespace('self', 'net')) !== (await namespace('1', 'net'))) return undefined;
  if (!isVirtual(await textOf(join(root, 'proc/cpuinfo')))) return undefined;
  const dmi = ['sys_vendor', 'product_name'].map((file) => join(root, 'sys/class/dmi/id', file));
  const names = [...new Set(await Promise.all(dmi.map(textOf)))].filter((name) => name !== '');
  const type = await textOf(join(root, 'sys/hypervisor/type'));
  return { virtualisedBy: names.join(' ') || type || 'a hypervisor that does not say its name' };
}

/** Whether the processors are told by their hypervisor that they have one. */
function isVirtual(cpuinfo: string): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? '';
  return flags.split(' ').includes('hypervisor');
}

async function textOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim();
}
