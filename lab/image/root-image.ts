import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentCache } from '../cache/content-cache.ts';
import { digest } from '../cache/digest.ts';
import { run } from '../../command/run.ts';
import { aptPolicy } from '../kernel/apt-policy.ts';
import type { DebianArchive } from '../kernel/debian-archive.ts';
import { makeExt4 } from './ext4.ts';
import { removalOfDetours, rootSetup } from './root-setup.ts';
import { requireSubordinateIds } from './subordinate-ids.ts';

/** What a host of an NFVI has, and what its victims measure with; the last three are what Node needs. */
const standardPackages = [
  'systemd',
  'systemd-sysv',
  'udev',
  'qemu-guest-agent',
  'iproute2',
  'iputils-ping',
  'ethtool',
  'fio',
  'e2fsprogs',
  'kmod',
  'procps',
  'util-linux',
  'libstdc++6',
  'libgcc-s1',
  'libatomic1',
];

/** Apt's own files stay out: a machine of the lab is made anew, never upgraded. */
const options = [
  '--variant=essential',
  '--quiet',
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=force-unsafe-io',
  ...['doc', 'man', 'info', 'locale', 'lintian', 'bug'].map(
    (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
  ),
];

const timeoutMs = 30 * 60 * 1000;

/** The read-only disk that all machines share, of the packages of an archive. */
export async function rootImage(
  archive: DebianArchive,
  extraPackages: readonly string[],
  cache: ContentCache,
): Promise<string> {
  const included = [...new Set([...standardPackages, ...extraPackages])].sort();
  const packages = await archive.remembered(
    `root-${digest(included)}`,
    async () => await archive.withDependencies(['?essential', ...included]),
  );
  const setup = [rootSetup, removalOfDetours(extraPackages)];
  const versions = packages.map(({ name, version }) => `${name}=${version}`);
  const item = await cache.item('root', [...options, ...setup, ...versions], async (directory) => {
    cache.progress(`installs the root image (${packages.length} packages)`);
    const tar = join(directory, 'root.tar');
    await install(archive, included, setup, tar);
    await makeExt4({
      label: 'ordeal-root',
      from: { tar },
      to: join(directory, 'root.ext4'),
      size: '2G',
      options: ['-J', 'size=8'],
    });
    await rm(tar);
  });
  return join(item, 'root.ext4');
}

async function install(
  archive: DebianArchive,
  packages: readonly string[],
  setup: readonly string[],
  tar: string,
): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) await requireSubordinateIds();
  const policy = (await aptPolicy()).map((line) => `--aptopt=${line}`);
  const hooks = setup.map((script) => `--customize-hook=${script}`);
  const include = `--include=${packages.join(',')}`;
  const mode = `--mode=${isRoot ? 'root' : 'unshare'}`;
  const args = [mode, ...options, ...policy, include, ...hooks, archive.suite.name, tar, '-'];
  await run('mmdebstrap', args, { input: archive.sources, timeoutMs });
}
