import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { LineSplitter } from './line-splitter.ts';
import { linesNewIn } from './lines-new.ts';
import { runProgram } from './program.ts';
import type { Ear, Source } from './source.ts';

/** A run that takes longer hangs. */
const runAtMostMs = 10_000;
/** What a state that people read has, many times over. */
const linesAtMost = 10_000;

interface Printed {
  /** As latin1, which keeps any bytes as they are. */
  readonly lines: readonly string[];
  /** Lines of which something is missing. */
  readonly lost: number;
}

/** A command that tells a state, run again after each pause: a line is new that the run before did not print, or not so often. */
export class CommandOutput implements Source {
  readonly of = 'command';
  readonly #argv: readonly string[];
  readonly #everyMs: number;

  constructor(argv: readonly string[], everyUs: number) {
    this.#argv = argv;
    this.#everyMs = Math.ceil(everyUs / 1000);
  }

  async follow(ear: Ear, signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    const first = await this.#run(signal);
    if (isOver()) return;
    if (typeof first === 'string') {
      throw new OrdealError('COMMAND_FAILED', `"${this.#argv.join(' ')}" failed (${first})`);
    }
    ear.ready();
    for (let before = first.lines; !isOver();) {
      await sleep(this.#everyMs, undefined, { signal }).catch(() => undefined);
      if (isOver()) return;
      const printed = await this.#run(signal);
      // What a run that failed would have told is not known; one that was ended by us, at the end, told nothing yet.
      if (isOver()) return;
      if (typeof printed === 'string') {
        ear.lost(1);
        continue;
      }
      if (printed.lost > 0) ear.lost(printed.lost);
      for (const line of linesNewIn(printed.lines, before)) ear.line(Buffer.from(line, 'latin1'));
      before = printed.lines;
    }
  }

  /** What it printed, or how it failed. */
  async #run(signal: AbortSignal): Promise<Printed | string> {
    const lines: string[] = [];
    let lost = 0;
    const splitter = new LineSplitter(
      (bytes) => {
        if (lines.length < linesAtMost) lines.push(Buffer.from(bytes).toString('latin1'));
        else lost += 1;
      },
      () => (lost += 1),
    );
    const timeout = AbortSignal.timeout(runAtMostMs);
    const failure = await runProgram(
      this.#argv,
      (bytes) => splitter.push(bytes),
      AbortSignal.any([signal, timeout]),
    );
    splitter.end();
    if (failure === undefined) return { lines, lost };
    return timeout.aborted ? `it took longer than ${runAtMostMs / 1000} s` : failure;
  }
}
