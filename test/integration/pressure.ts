import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import type { TestContainer } from './injector-bed.ts';

const hasV2 = (await mountedHierarchies()).some(({ version }) => version === 2);

/** Why the kernel does not count how long a cgroup waits; false where it does. */
export const withoutPressure =
  hasV2 && existsSync('/proc/pressure/io')
    ? false
    : 'this kernel does not count the pressure of a cgroup (no cgroup v2, or no psi=1)';

/** For how long, ever, some process of a container has waited for a disk. */
export async function waitedForDiskUs(container: TestContainer): Promise<number> {
  return await waitedUs(container, 'io.pressure');
}

/** The same of memory. */
export async function waitedForMemoryUs(container: TestContainer): Promise<number> {
  return await waitedUs(container, 'memory.pressure');
}

async function waitedUs(container: TestContainer, file: string): Promise<number> {
  const text = await readFile(await container.file(file), 'utf8');
  return Number(/^some .*total=(\d+)$/m.exec(text)?.[1]);
}
