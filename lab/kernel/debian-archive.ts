import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ContentCache } from '../cache/content-cache.ts';
import { digest } from '../cache/digest.ts';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { aptPolicy } from './apt-policy.ts';
import { readDepends, readUris, type DebianPackage } from './debian-package.ts';
import { sourcesOf, type DebianSuite } from './debian-suite.ts';

/** Debian changes its lists a few times a day; whoever boots the same lab twice on one day means the same kernel. */
const listsLastMs = 24 * 3600 * 1000;
/** An archive that could not be read is not tried again at once: that takes many seconds, for those who work without a network at every start. */
const triedAgainAfterMs = 600 * 1000;
/** A slow link may need this long for the hundred megabytes of a kernel. */
const fetchTimeoutMs = 30 * 60 * 1000;

const selectionSchema = z.array(z.object({ name: z.string(), version: z.string() }));

/** What a suite of Debian holds: an apt of its own, which knows nothing of this machine's packages and changes none of them. */
export class DebianArchive {
  readonly suite: DebianSuite;
  readonly sources: string;
  readonly #directory: string;
  readonly #cache: ContentCache;

  private constructor(suite: DebianSuite, sources: string, cache: ContentCache) {
    this.suite = suite;
    this.sources = sources;
    this.#cache = cache;
    // Its configuration names its folder, so a cache that has been moved has none.
    this.#directory = join(cache.directory, `apt-${suite.name}-${digest([sources, cache.directory])}`);
  }

  /** With lists that are not older than a day, or as old as they are where the archive cannot be read. */
  static async open(suite: DebianSuite, cache: ContentCache): Promise<DebianArchive> {
    const archive = new DebianArchive(suite, sourcesOf(suite), cache);
    await cache.alone(`the package lists of ${suite.name}`, archive.#directory, async () => {
      if (!(await archive.#isFresh())) await archive.#refresh();
    });
    return archive;
  }

  /** What a package of the newest version that the suite offers depends on. */
  async dependsOf(name: string): Promise<string[]> {
    const { backports } = this.suite;
    const release = backports === undefined ? [] : ['--target-release', backports];
    const record = await this.#apt('apt-cache', ['show', '--no-all-versions', ...release, name]);
    return readDepends(record);
  }

  /** What apt would install on an empty system to have these packages. */
  async withDependencies(names: readonly string[]): Promise<DebianPackage[]> {
    return readUris(await this.#apt('apt-get', ['install', '--yes', '--quiet=2', '--print-uris', ...names]));
  }

  /** These packages alone. */
  async withoutDependencies(names: readonly string[]): Promise<DebianPackage[]> {
    return readUris(await this.#apt('apt-get', ['download', '--quiet=2', '--print-uris', ...names]));
  }

  /** Writes the package files into a folder; apt checks them by the lists, and the lists by Debian's signature. */
  async fetch(packages: readonly DebianPackage[], directory: string): Promise<void> {
    const exact = packages.map(({ name, version }) => `${name}=${version}`);
    await this.#apt('apt-get', ['download', '--quiet=2', ...exact], directory);
  }

  /** The answer that was given before, as long as the lists are the same: apt takes a second to give it again. */
  async remembered(name: string, select: () => Promise<DebianPackage[]>): Promise<DebianPackage[]> {
    const path = join(this.#directory, 'selections', `${name}.json`);
    const written = await readFile(path, 'utf8').catch(() => undefined);
    if (written !== undefined) return selectionSchema.parse(JSON.parse(written));
    const selected = await select();
    await writeFile(`${path}.${process.pid}`, JSON.stringify(selected));
    await rename(`${path}.${process.pid}`, path);
    return selected;
  }

  /** Of the age of the lists. */
  get #stamp(): string {
    return join(this.#directory, 'read');
  }

  async #isFresh(): Promise<boolean> {
    const read = await stat(this.#stamp).catch(() => undefined);
    return read !== undefined && Math.abs(Date.now() - read.mtimeMs) < listsLastMs;
  }

  async #refresh(): Promise<void> {
    const selections = join(this.#directory, 'selections');
    const knownBefore = (await stat(this.#stamp).catch(() => undefined)) !== undefined;
    await this.#configure();
    this.#cache.progress(`reads the package lists of ${this.suite.name}`);
    try {
      await this.#apt('apt-get', ['update', '--quiet=2', '--error-on=any']);
    } catch (error) {
      const { message } = OrdealError.from(error);
      if (!knownBefore) throw unreadable(this.suite, message, error);
      this.#cache.progress(`goes on with the lists of ${this.suite.name} that were read before: ${message}`);
      const then = new Date(Date.now() - listsLastMs + triedAgainAfterMs);
      await utimes(this.#stamp, then, then);
      return;
    }
    await rm(selections, { recursive: true, force: true });
    await mkdir(selections);
    await writeFile(this.#stamp, '');
  }

  async #configure(): Promise<void> {
    const at = (name: string) => join(this.#directory, name);
    for (const name of ['none', 'lists/partial', 'archives/partial', 'cache']) {
      await mkdir(at(name), { recursive: true });
    }
    await writeFile(at('status'), '');
    await writeFile(at('sources.list'), this.sources);
    const places = {
      'Dir::Etc::Main': '/dev/null',
      'Dir::Etc::Parts': at('none'),
      'Dir::Etc::SourceList': at('sources.list'),
      'Dir::Etc::SourceParts': at('none'),
      'Dir::Etc::Preferences': '/dev/null',
      'Dir::Etc::PreferencesParts': at('none'),
      'Dir::State::Lists': at('lists'),
      'Dir::State::Status': at('status'),
      'Dir::State::Extended_States': at('extended_states'),
      'Dir::Cache': at('cache'),
      'Dir::Cache::Archives': at('archives'),
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64',
      'APT::Install-Recommends': 'false',
      // The user _apt cannot write into a cache that belongs to somebody else.
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
    };
    const lines = Object.entries(places).map(([name, value]) => `${name} "${value}";`);
    await writeFile(at('apt.conf'), [...lines, ...(await aptPolicy()), ''].join('\n'));
  }

  async #apt(program: string, args: readonly string[], directory = '/'): Promise<string> {
    const configuration = `APT_CONFIG=${join(this.#directory, 'apt.conf')}`;
    return await run('env', [`--chdir=${directory}`, 'LC_ALL=C', configuration, program, ...args], {
      timeoutMs: fetchTimeoutMs,
    });
  }
}

function unreadable(suite: DebianSuite, message: string, cause: unknown): OrdealError {
  return new OrdealError('COMMAND_FAILED', `the package lists of ${suite.name} cannot be read: ${message}`, {
    cause,
    remedy:
      'Make the archive reachable, or name a mirror of it in ORDEAL_DEBIAN_MIRROR; a mirror that stands still needs Acquire::Check-Valid-Until "false" in the configuration of apt.',
  });
}
