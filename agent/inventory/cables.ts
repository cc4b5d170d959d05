import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container } from './containers.ts';
import type { Nic } from './nics.ts';

/**
 * Which container each veth of the host leads to, by the index of the end that is here: each end knows the index of the other. What a container
 * says of its own end is its own to say, so it counts only where the end that is here says the same.
 */
export async function containersByNic(
  nics: readonly Nic[],
  containers: readonly Pick<Container, 'name' | 'init' | 'netns'>[],
  proc = '/proc',
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const { name, init, netns } of containers) {
    if (init === undefined || netns === undefined) continue;
    for (const { ifindex, farIndex } of await endsIn(join(proc, String(init.pid), 'root/sys/class/net'))) {
      const here = nics.find((nic) => nic.device === 'veth' && nic.ifindex === farIndex);
      if (here?.farIndex === ifindex) found.set(here.ifindex, name);
    }
  }
  return found;
}

/** None where the container has no sysfs, or is gone. */
async function endsIn(directory: string): Promise<{ ifindex: number; farIndex: number }[]> {
  const names = await readdir(directory).catch(() => []);
  const ends = names.map(async (name) => ({
    ifindex: await numberIn(join(directory, name, 'ifindex')),
    farIndex: await numberIn(join(directory, name, 'iflink')),
  }));
  return await Promise.all(ends);
}

/** Never waited for: a container can put there what it likes, and may put a pipe there. */
async function numberIn(path: string): Promise<number> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(16) });
      return Number(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return Number.NaN;
  }
}
