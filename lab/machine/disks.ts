import { open, rename, rm, stat } from 'node:fs/promises';
import { run } from '../../command/run.ts';
import type { Bootable } from '../image/bootable.ts';
import type { MachineFiles } from './machine-files.ts';

const mebibyte = 1024 * 1024;
/** Of each disk that faults may go to; nothing is used until something is written. */
const underTestBytes = 256 * mebibyte;
/** Journal and spool. */
const agentBytes = 512 * mebibyte;

/** What the disks are called inside that faults may go to. */
export const disksUnderTest = ['sda', 'sdb', 'nvme0n1', 'vde'] as const;

/** Makes the disks that a machine does not have yet. */
export async function prepareDisks(boots: Bootable, files: MachineFiles): Promise<void> {
  const { root, agent, ...underTest } = files.disks;
  const base = ['-b', boots.root, '-F', boots.rootFormat];
  await unlessThere(root, async (path) => {
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...base, path]);
  });
  await unlessThere(agent, async (path) => {
    await makeSparse(path, agentBytes);
    await run('mke2fs', ['-q', '-t', 'ext4', '-L', 'ordeal-agent', '-m', '0', path]);
  });
  for (const disk of Object.values(underTest)) {
    await unlessThere(disk, async (path) => await makeSparse(path, underTestBytes));
  }
}

/** A disk that is half made when this process is killed is not there. */
async function unlessThere(path: string, make: (path: string) => Promise<void>): Promise<void> {
  if (await isThere(path)) return;
  const made = `${path}.new`;
  await rm(made, { force: true });
  await make(made);
  await rename(made, path);
}

async function makeSparse(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.truncate(bytes);
  } finally {
    await file.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
