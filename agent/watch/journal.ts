import { existsSync } from 'node:fs';
import { monotonicUs, wallUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { journalEntryIn } from './journal-entry.ts';
import { LineSplitter, lineBytesAtMost } from './line-splitter.ts';
import { runProgram } from './program.ts';
import type { Ear, Source } from './source.ts';

/** A message of 48 KiB, the most that the journal takes by default, with all its fields and escapes. */
const entryBytesAtMost = 512 * 1024;

/** Where journald listens; without it there is nothing to follow, and journalctl would wait for ever. */
const journalSocket = '/run/systemd/journal/socket';

/** The entries of some units in systemd's journal, of what they say themselves and of what systemd says of them. */
export class Journal implements Source {
  readonly of = 'journal';
  readonly #units: readonly string[];

  constructor(units: readonly string[]) {
    this.#units = units;
  }

  async follow(ear: Ear, signal: AbortSignal): Promise<void> {
    if (!existsSync(journalSocket)) {
      throw new OrdealError('UNSUPPORTED', 'systemd does not keep a journal on this host', {
        remedy: 'Watch the log files of the services instead.',
      });
    }
    const startUs = monotonicUs();
    // By whole seconds: what is older than the start is left out below.
    const since = `--since=@${Math.floor(wallUs() / 1e6)}`;
    const units = this.#units.map((unit) => `--unit=${unit}`);
    const argv = ['journalctl', '--follow', '--no-tail', '--output=json', since, ...units];
    const onEntry = (bytes: Uint8Array): void => {
      const entry = journalEntryIn(Buffer.from(bytes).toString());
      if (entry === undefined) ear.lost(1);
      else if (!entry.isOwn && entry.monoUs >= startUs) {
        ear.line(entry.bytes.subarray(0, lineBytesAtMost), { monoUs: entry.monoUs, resolutionUs: 1 });
        if (entry.bytes.length > lineBytesAtMost) ear.lost(1);
      }
    };
    const entries = new LineSplitter(onEntry, () => ear.lost(1), entryBytesAtMost);
    ear.ready();
    const failure = await runProgram(argv, (bytes) => entries.push(bytes), signal);
    if (!signal.aborted) {
      throw new OrdealError('COMMAND_FAILED', `journalctl ended (${failure ?? 'without an error'})`);
    }
  }
}
