import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentCache } from '../cache/content-cache.ts';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { DebianArchive } from './debian-archive.ts';
import type { DebianPackage } from './debian-package.ts';
import { suiteOfKernel } from './debian-suite.ts';
import { mountPoints } from './enclosed.ts';
import type { KernelName } from './kernel-name.ts';

/** A kernel, its modules, and what compiles more of them: Debian's packages, unpacked and not installed. */
export interface KernelTree {
  readonly release: string;
  readonly vmlinuz: string;
  /** Can be entered: see enclosed.ts. */
  readonly directory: string;
}

/** What the headers do not depend on and yet need, and what makes an initrd: nothing essential is installed here. */
const tools = ['gcc', 'make', 'kmod', 'busybox-static'].concat([
  'bash',
  'coreutils',
  'dash',
  'diffutils',
  'findutils',
  'grep',
  'mawk',
  'perl-base',
  'sed',
]);

/** Only for people, and for languages. */
const documents = ['doc', 'man', 'info', 'locale', 'lintian', 'bug'];
/** Drivers of devices that no machine in QEMU has here: half of all modules by size. */
const drivers = [
  'gpu',
  'media',
  'net/wireless',
  'usb',
  'iio',
  'hwmon',
  'staging',
  'hid',
  'comedi',
  'bluetooth',
  'mtd',
  'mmc',
];

const unwanted = [
  ...documents.map((name) => `--exclude=./usr/share/${name}`),
  ...['sound', ...drivers.map((name) => `drivers/${name}`)].map(
    (name) => `--exclude='./*lib/modules/*/kernel/${name}'`,
  ),
];

const unpack = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --no-same-owner --keep-directory-symlink';
const timeoutMs = 10 * 60 * 1000;

/** The newest kernel of this name that Debian has. */
export async function kernelTree(kernel: KernelName, cache: ContentCache): Promise<KernelTree> {
  const archive = await DebianArchive.open(suiteOfKernel[kernel], cache);
  const packages = await archive.remembered('kernel', async () => await packagesOf(archive));
  const inputs = [
    unpack,
    ...mountPoints,
    ...unwanted,
    ...packages.map(({ name, version }) => `${name}=${version}`),
  ];
  const item = await cache.item(`kernel-${kernel}`, inputs, async (directory) => {
    cache.progress(`unpacks kernel ${kernel} and its compiler (${packages.length} packages)`);
    await build(archive, packages, directory);
  });
  const release = await readFile(join(item, 'release'), 'utf8');
  return { release, vmlinuz: join(item, 'vmlinuz'), directory: join(item, 'tree') };
}

async function packagesOf(archive: DebianArchive): Promise<DebianPackage[]> {
  const depends = await archive.dependsOf('linux-image-amd64');
  const image = depends.find((name) => /^linux-image-\d/.test(name));
  if (image === undefined) {
    throw new OrdealError('NOT_FOUND', `${archive.suite.name} names no kernel: ${depends.join(' ')}`);
  }
  const release = image.replace('linux-image-', '');
  // An image depends on what makes an initrd, which is made otherwise here; newer ones come in several packages of the same release.
  const parts = (await archive.dependsOf(image)).filter((name) => name.endsWith(`-${release}`));
  const [kernel, compiler] = await Promise.all([
    archive.withoutDependencies([image, ...parts]),
    archive.withDependencies([`linux-headers-${release}`, ...tools]),
  ]);
  const names = new Set(kernel.map(({ name }) => name));
  return [...kernel, ...compiler.filter(({ name }) => !names.has(name))];
}

async function build(
  archive: DebianArchive,
  packages: readonly DebianPackage[],
  directory: string,
): Promise<void> {
  const tree = join(directory, 'tree');
  const files = join(directory, 'packages');
  await mkdir(files);
  await mkdir(join(tree, 'usr'), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(tree, 'usr', name));
    await symlink(`usr/${name}`, join(tree, name));
  }
  await archive.fetch(packages, files);
  for (const name of await readdir(files)) {
    const command = `${unpack} --directory="$2" ${unwanted.join(' ')}`;
    await run('bash', ['-o', 'pipefail', '-c', command, 'bash', join(files, name), tree], { timeoutMs });
  }
  await rm(files, { recursive: true });
  // What the scripts of the packages would have linked.
  await symlink('mawk', join(tree, 'usr/bin/awk'));
  for (const name of mountPoints) await mkdir(join(tree, name), { recursive: true });
  const release = await releaseIn(tree);
  await rename(await vmlinuzIn(tree, release), join(directory, 'vmlinuz'));
  await writeFile(join(directory, 'release'), release);
}

async function releaseIn(tree: string): Promise<string> {
  const found = await readdir(join(tree, 'usr/lib/modules'));
  const [release] = found;
  if (release !== undefined && found.length === 1) return release;
  throw new OrdealError(
    'INTERNAL',
    `the packages hold modules of ${found.length} kernels: ${found.join(' ')}`,
  );
}

/** In /boot, or since 7.2 beside the modules. */
async function vmlinuzIn(tree: string, release: string): Promise<string> {
  const inBoot = join(tree, 'boot');
  const names: string[] = await readdir(inBoot).catch(() => []);
  return names.includes(`vmlinuz-${release}`)
    ? join(inBoot, `vmlinuz-${release}`)
    : join(tree, 'usr/lib/modules', release, 'vmlinuz');
}
