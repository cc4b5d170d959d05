import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../command/run.ts';
import { syncDirectory, writeDurably } from '../service/durable-file.ts';
import { formatEntry, parseEntry, type JournalEntry } from './journal-entry.ts';
import { systemCode } from '../errors/system-code.ts';

/**
 * The intents of this host, one file an injection: written before the act, removed when reading the kernel back has shown that nothing is
 * left of it. What is in here when an agent starts is what its predecessor could not take away.
 */
export class Journal {
  readonly #directory: string;
  readonly #damagedDirectory: string;
  /** What the disk would neither give nor put aside. */
  readonly #unread = new Set<string>();

  private constructor(directory: string) {
    this.#directory = directory;
    this.#damagedDirectory = join(directory, 'damaged');
  }

  static async open(stateDirectory: string): Promise<Journal> {
    const journal = new Journal(join(stateDirectory, 'journal'));
    await mkdir(journal.#directory, { recursive: true, mode: 0o700 });
    await syncDirectory(stateDirectory);
    return journal;
  }

  /** On disk when this resolves. What could not be read again is refused: nothing would take its fault away. */
  async write(entry: JournalEntry): Promise<void> {
    const text = formatEntry(entry);
    parseEntry(text);
    await writeDurably(this.#pathOf(entry.injection.id), text);
  }

  /** As before a crash: whatever else was written to the file system of the state is on disk, too. */
  async writeLast(entry: JournalEntry): Promise<void> {
    await this.write(entry);
    await run('sync', ['--file-system', this.#directory]);
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
    await syncDirectory(this.#directory);
  }

  /** Everything that can be read; what is no entry is put aside, and `damaged` tells of it until a person has removed it. */
  async entries(): Promise<JournalEntry[]> {
    const found: JournalEntry[] = [];
    for (const name of await namesIn(this.#directory)) {
      // A name with a dot in front was being written: its injection was not yet allowed to act.
      if (!name.endsWith('.json') || name.startsWith('.')) continue;
      const entry = await this.#read(name);
      if (entry !== undefined) found.push(entry);
    }
    return found;
  }

  /** The files that say that a fault may be on this host, but not which. */
  async damaged(): Promise<string[]> {
    const aside = await namesIn(this.#damagedDirectory);
    const unread = (await namesIn(this.#directory)).filter((name) => this.#unread.has(name));
    return [
      ...aside.map((name) => join(this.#damagedDirectory, name)),
      ...unread.map((name) => join(this.#directory, name)),
    ];
  }

  async #read(name: string): Promise<JournalEntry | undefined> {
    const path = join(this.#directory, name);
    try {
      const entry = parseEntry(await readFile(path, 'utf8'));
      if (`${entry.injection.id}.json` === name) return entry;
    } catch (error) {
      // What the disk refuses to read now the next start may be able to; the other entries are not to wait for that.
      if (systemCode(error).startsWith('E')) {
        this.#unread.add(name);
        return undefined;
      }
    }
    await this.#putAside(name).catch(() => this.#unread.add(name));
    return undefined;
  }

  async #putAside(name: string): Promise<void> {
    await mkdir(this.#damagedDirectory, { recursive: true, mode: 0o700 });
    await rename(join(this.#directory, name), join(this.#damagedDirectory, `${name}.${Date.now()}`));
    await syncDirectory(this.#damagedDirectory);
    await syncDirectory(this.#directory);
  }

  #pathOf(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
