import { readdir, readFile } from 'node:fs/promises';

/** The cgroups of every process that is seen here, by the pid: its path in each hierarchy, below the root of that. */
export async function cgroupsOfProcesses(): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // It may end at any time; what cannot be read tells nothing.
    const text = await readFile(`/proc/${name}/cgroup`, 'utf8').catch(() => '');
    const paths = parseCgroups(text);
    if (paths.length > 0) found.set(Number(name), paths);
  }
  return found;
}

/** Without those that are no path from here: the root, which is everybody's, and what lies outside of this process's cgroup namespace. */
export function parseCgroups(text: string): string[] {
  const paths = text.split('\n').flatMap((line) => {
    // hierarchy:controllers:path; the path may hold colons.
    const path = /^\d+:[^:]*:(\/.*)$/.exec(line)?.[1];
    return path === undefined || path === '/' || path.startsWith('/..') ? [] : [path];
  });
  return [...new Set(paths)];
}
