import { z } from 'zod';
import type { Described } from './recognised.ts';
import type { StateFiles } from './state-files.ts';

const usualRoot = '/var/lib/docker';
const daemonSchema = z.object({ 'data-root': z.string().optional() });
/** Docker writes a slash before the name. */
const configSchema = z.object({
  Name: z.string().transform((name) => name.replace(/^\//, '')),
  Config: z.object({ Image: z.string().optional() }).optional(),
});

export async function describeDocker(id: string, files: StateFiles): Promise<Described | undefined> {
  const daemon = await files.json('/etc/docker/daemon.json', daemonSchema);
  const root = daemon?.['data-root'] ?? usualRoot;
  const config = await files.json(`${root}/containers/${id}/config.v2.json`, configSchema);
  if (config === undefined) return undefined;
  const image = config.Config?.Image;
  return { name: config.Name, ...(image === undefined ? {} : { image }) };
}
