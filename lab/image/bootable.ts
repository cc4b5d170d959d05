import { ContentCache } from '../cache/content-cache.ts';
import { bootFiles } from '../kernel/boot-files.ts';
import { DebianArchive } from '../kernel/debian-archive.ts';
import { bookworm } from '../kernel/debian-suite.ts';
import type { KernelName } from '../kernel/kernel-name.ts';
import { rootImage } from './root-image.ts';

/** All that machines of one kernel share. Nothing of it is ever written to. */
export interface Bootable {
  /** What `uname -r` says there. */
  readonly release: string;
  readonly vmlinuz: string;
  readonly initrd: string;
  /** The base of the root disk: a Debian bookworm, of the label `ordeal-root`. */
  readonly root: string;
  readonly rootFormat: 'raw';
  /** A raw ext4 of the label `ordeal-modules`: Debian's modules of that kernel, and Ordeal's in updates/ordeal. */
  readonly modules: string;
}

interface Options {
  readonly progress: (line: string) => void;
  /** Of bookworm, on top of what every machine has. */
  readonly extraPackages?: readonly string[];
}

/** Builds what is missing: minutes the first time, under a second when all is there. */
export async function makeBootable(kernel: KernelName, options: Options): Promise<Bootable> {
  const cache = ContentCache.ofThisUser(options.progress);
  // First of all, for it may be that of the kernel too, and is read once.
  const archive = await DebianArchive.open(bookworm, cache);
  const [files, root] = await Promise.all([
    bootFiles(kernel, cache),
    rootImage(archive, options.extraPackages ?? [], cache),
  ]);
  return { ...files, root, rootFormat: 'raw' };
}
