import type { KernelName } from './kernel-name.ts';

/** A suite of Debian with what belongs to it. */
export interface DebianSuite {
  readonly name: string;
  /** Where its security updates are, which stable suites get apart from the archive. */
  readonly security?: string;
  /** Newer packages for it; apt takes one of them only where it is asked for. */
  readonly backports?: string;
}

export const bookworm: DebianSuite = { name: 'bookworm', security: 'bookworm-security' };

/** Where each kernel comes from, and the compiler and C library that fit it. */
export const suiteOfKernel: Readonly<Record<KernelName, DebianSuite>> = {
  '5.10': { name: 'bullseye', security: 'bullseye-security' },
  '6.1': bookworm,
  '6.12': { ...bookworm, backports: 'bookworm-backports' },
  newest: { name: 'sid' },
};

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const defaultArchive = 'http://deb.debian.org/debian';

/**
 * The lines of a sources.list. A mirror that is given is taken alone, so that all comes from it: few mirrors of the archive hold the security
 * updates too.
 */
export function sourcesOf(suite: DebianSuite, mirror = process.env.ORDEAL_DEBIAN_MIRROR): string {
  const archive = mirror === undefined || mirror === '' ? defaultArchive : mirror;
  const line = (from: string, name: string) => `deb [arch=amd64 signed-by=${keyring}] ${from} ${name} main\n`;
  const lines = [line(archive, suite.name)];
  if (suite.backports !== undefined) lines.push(line(archive, suite.backports));
  if (suite.security !== undefined && archive === defaultArchive) {
    lines.push(line(`${archive}-security`, suite.security));
  }
  return lines.join('');
}
