import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { ContentCache } from '../cache/content-cache.ts';

/** Compresses a hundred megabytes. */
const buildWithinMs = 300_000;

/** What goes into the archive and changes; the packages are what package-lock.json says. */
const contents = ['dist', 'proto/ordeal', 'deploy', 'injectors/kmod', 'package.json', 'package-lock.json'];

/** The folder of an archive as deploy/archive.sh makes it of this Ordeal and this Node: made anew when one of them has changed. */
export async function unpackedArchive(progress: (line: string) => void): Promise<string> {
  const root = packageRoot();
  const node = await stat(process.execPath);
  const inputs = [process.execPath, String(node.size), String(node.mtimeMs), await digestOf(root)];
  const cache = ContentCache.ofThisUser(progress);
  const item = await cache.item('archive', inputs, async (directory) => {
    progress('packs the archive for the agents: this Ordeal with its own Node');
    const said = await run('bash', [join(root, 'deploy/archive.sh'), directory], {
      timeoutMs: buildWithinMs,
    });
    const packed = said.trim();
    const unpacked = ['--extract', '--file', packed, '--directory', directory];
    await run('tar', [...unpacked, '--one-top-level=ordeal', '--strip-components=1'], {
      timeoutMs: buildWithinMs,
    });
    await rm(packed);
  });
  return join(item, 'ordeal');
}

/** Beside the sources, or above dist/ where this runs compiled. */
function packageRoot(): string {
  const found = ['../..', '../../..']
    .map((up) => resolve(import.meta.dirname, up))
    .find((folder) => existsSync(join(folder, 'package.json')));
  if (found !== undefined) return found;
  throw new OrdealError('INTERNAL', `there is no package.json above ${import.meta.dirname}`);
}

async function digestOf(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const content of contents) {
    const path = join(root, content);
    if (!existsSync(path)) {
      throw new OrdealError('NOT_FOUND', `${path} is not there, so no archive for the agents can be made`, {
        remedy: 'Run `npm run build` in the checkout of Ordeal.',
      });
    }
    for (const file of await filesIn(path))
      hash
        .update(`${file}\0`)
        .update(await readFile(file))
        .update('\0');
  }
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
