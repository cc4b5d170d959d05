import { fileURLToPath } from 'node:url';

/** Where the build leaves the guardian of agents, which is no JavaScript: in dist/, for the sources as for what is built of them. */
export function guardianProgram(): string {
  const root = import.meta.url.endsWith('.ts') ? '../dist/' : '../';
  return fileURLToPath(new URL(`${root}guardian/ordeal-guardian`, import.meta.url));
}
