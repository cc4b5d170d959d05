import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ContentCache } from '../cache/content-cache.ts';
import { makeExt4 } from '../image/ext4.ts';
import { run } from '../../command/run.ts';
import { runEnclosed } from './enclosed.ts';
import { initModules, initScript } from './init-script.ts';
import type { KernelName } from './kernel-name.ts';
import { kernelTree, type KernelTree } from './kernel-tree.ts';
import { loadOrder } from './load-order.ts';
import { ModuleSources } from './module-sources.ts';

/** What a machine starts with, before its root disk. */
export interface BootFiles {
  readonly release: string;
  readonly vmlinuz: string;
  readonly initrd: string;
  readonly modules: string;
}

/** Compiles Ordeal's modules (/build/source) and puts them with Debian's (/build/modules). */
const compile = `set -e
make --directory=/build/source --jobs=$2 KDIR=/usr/src/linux-headers-$1
mkdir -p /build/root/lib/modules/$1/updates/ordeal
cp /build/source/*.ko /build/root/lib/modules/$1/updates/ordeal/
depmod --basedir /build/root $1`;

/** Packs what is in /build/initrd: not compressed, for unpacking is slow where the processor is emulated. */
const pack = `set -e
cd /build/initrd
busybox unxz modules/*.xz 2>/dev/null || true
find . | busybox cpio -o -H newc >../initrd.cpio`;

export async function bootFiles(kernel: KernelName, cache: ContentCache): Promise<BootFiles> {
  const [tree, sources] = await Promise.all([kernelTree(kernel, cache), ModuleSources.find()]);
  const inputs = [basename(dirname(tree.directory)), await sources.digest(), compile, pack, initScript];
  const item = await cache.item(`boot-${kernel}`, [...inputs, ...initModules], async (directory) => {
    const work = join(directory, 'build');
    await mkdir(work);
    cache.progress(`compiles Ordeal's modules for ${tree.release}`);
    await build(tree, sources, work);
    await makeExt4({
      label: 'ordeal-modules',
      from: { directory: join(work, 'root/lib/modules') },
      to: join(directory, 'modules.ext4'),
      size: '1G',
      options: ['-O', '^has_journal'],
    });
    await makeInitrd(tree, work, directory);
    await rm(work, { recursive: true });
  });
  const { release, vmlinuz } = tree;
  return { release, vmlinuz, initrd: join(item, 'initrd'), modules: join(item, 'modules.ext4') };
}

async function build(tree: KernelTree, sources: ModuleSources, work: string): Promise<void> {
  await sources.copyTo(join(work, 'source'));
  const modules = join(work, 'root/lib/modules', tree.release);
  await mkdir(dirname(modules), { recursive: true });
  // The same files under a second name: nobody writes into them.
  await run('cp', ['--archive', '--link', join(tree.directory, 'usr/lib/modules', tree.release), modules]);
  // Links to the headers, which a machine does not have.
  for (const name of ['build', 'source']) await rm(join(modules, name), { force: true });
  const jobs = String(availableParallelism());
  await runEnclosed(tree.directory, work, ['sh', '-c', compile, 'sh', tree.release, jobs]);
}

async function makeInitrd(tree: KernelTree, work: string, directory: string): Promise<void> {
  const initrd = join(work, 'initrd');
  const at = (name: string) => join(initrd, name);
  for (const name of ['bin', 'dev', 'proc', 'sys', 'root', 'modules']) {
    await mkdir(at(name), { recursive: true });
  }
  await cp(join(tree.directory, 'usr/bin/busybox'), at('bin/busybox'));
  await writeFile(at('init'), initScript);
  await chmod(at('init'), 0o755);
  const modules = join(work, 'root/lib/modules', tree.release);
  const files = loadOrder(await readFile(join(modules, 'modules.dep'), 'utf8'), initModules);
  for (const [index, file] of files.entries()) {
    await cp(join(modules, file), at(`modules/${String(index).padStart(2, '0')}-${basename(file)}`));
  }
  await runEnclosed(tree.directory, work, ['sh', '-c', pack]);
  await cp(join(work, 'initrd.cpio'), join(directory, 'initrd'));
}
