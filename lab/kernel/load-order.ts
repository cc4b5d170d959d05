import { basename } from 'node:path';

/**
 * The files to load, each after what it needs, so that the modules with these names are there in the end. `dependencies` is modules.dep: a line a
 * module, "file: what it needs directly and indirectly, the last first". A name that is not in it is built in, or not of this kernel.
 */
export function loadOrder(dependencies: string, names: readonly string[]): string[] {
  const lines = new Map(
    dependencies.split('\n').flatMap((line): [string, string[]][] => {
      const [file, needs = ''] = line.split(':');
      if (file === undefined || file === '') return [];
      return [
        [
          moduleName(file),
          [
            ...needs
              .split(' ')
              .filter((path) => path !== '')
              .reverse(),
            file,
          ],
        ],
      ];
    }),
  );
  return [...new Set(names.flatMap((name) => lines.get(name) ?? []))];
}

function moduleName(file: string): string {
  return basename(file)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');
}
