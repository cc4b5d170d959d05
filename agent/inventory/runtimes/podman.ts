import { z } from 'zod';
import type { Described } from './recognised.ts';
import type { StateFiles } from './state-files.ts';

/** Of root's containers; those of other users lie in their homes, and are called by their ids. */
const storage = '/var/lib/containers/storage';

/** The storage knows more than containers of Podman, and keeps what these are as a text of their own. */
const containersSchema = z.array(
  z.object({ id: z.string(), names: z.array(z.string()).optional(), metadata: z.string().optional() }),
);
const metadataSchema = z.object({ 'image-name': z.string().optional() });

export async function describePodman(id: string, files: StateFiles): Promise<Described | undefined> {
  for (const directory of await files.names(storage)) {
    // One for each driver: overlay-containers, vfs-containers.
    if (!directory.endsWith('-containers')) continue;
    const containers = await files.json(`${storage}/${directory}/containers.json`, containersSchema);
    const found = containers?.find((one) => one.id === id);
    const name = found?.names?.[0];
    if (name === undefined) continue;
    const image = imageIn(found?.metadata);
    return { name, ...(image === undefined ? {} : { image }) };
  }
  return undefined;
}

function imageIn(metadata: string | undefined): string | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(metadata ?? '')).data?.['image-name'] || undefined;
  } catch {
    return undefined;
  }
}
