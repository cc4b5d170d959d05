import type { EmbeddedOptions } from '../embedded/system.ts';

export const defaultEmbedded = 'embedded';

/**
 * Where the embedded target of a name keeps its files: not below the current folder, since it belongs to the machine as its namespaces do, and
 * since the paths of its sockets have to be short.
 */
export function embeddedOptions(name: string = defaultEmbedded): EmbeddedOptions {
  return { name, stateDirectory: `/run/ordeal-${name}` };
}
