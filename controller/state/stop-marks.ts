import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { syncDirectory, writeDurably } from '../../service/durable-file.ts';
import type { Log } from '../../service/log.ts';

/** In the place of an id: a stop of everything, given before it was known what there is. */
export const everything = 'everything';
/** In the place of an id: of all schedules, which a stop of everything pauses. No id of a campaign or an injection is so short. */
export const everySchedule = 'schedules';

/** A mark takes a millisecond or so; whoever ordered a stop does not wait longer for a disk that hangs. */
const warnAfterMs = 1_000;

/**
 * Orders to stop, on the controller's own disk: they must hold after a crash even when they were given while the store was away, and
 * so could not be recorded there. A file for each campaign or injection, and one for all schedules, taken away when the store has it. An order holds in memory at once; no
 * stop waits for the disk, which is written to without blocking anybody, one file after the other, so that a disk that hangs holds one thread.
 */
export class StopMarks {
  readonly #directory: string;
  readonly #log: Log;
  readonly #reasons: Map<string, string>;
  /** Orders that are not on the disk, with why not as far as that is known. */
  readonly #unwritten = new Map<string, string>();
  #diskWork: Promise<void> = Promise.resolve();

  constructor(stateDirectory: string, log: Log) {
    this.#directory = join(stateDirectory, 'stopped');
    this.#log = log;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const ids = readdirSync(this.#directory).filter((name) => !name.startsWith('.'));
    this.#reasons = new Map(ids.map((id) => [id, readFileSync(join(this.#directory, id), 'utf8')]));
  }

  /** Why this was ordered to stop, by itself or with everything; undefined where it was not. */
  reasonFor(id: string): string | undefined {
    return this.#reasons.get(id) ?? this.#reasons.get(everything);
  }

  get ids(): readonly string[] {
    return [...this.#reasons.keys()];
  }

  /** Never throws, and waits for nothing: `unwritten` tells what became of it. */
  add(id: string, reason: string): void {
    this.#reasons.set(id, reason);
    this.#unwritten.set(id, 'the disk does not answer');
    this.#onDisk(
      async () => {
        await writeDurably(join(this.#directory, id), reason);
        this.#unwritten.delete(id);
      },
      (why) => {
        this.#unwritten.set(id, why);
        this.#log.error({ id, why }, 'a stop could not be written to the disk');
      },
    );
  }

  remove(id: string): void {
    if (!this.#reasons.delete(id)) return;
    this.#onDisk(
      async () => {
        this.#unwritten.delete(id);
        await rm(join(this.#directory, id), { force: true });
        await syncDirectory(this.#directory);
      },
      (why) => this.#log.error({ id, why }, 'the mark of a stop could not be taken away'),
    );
  }

  /** Until everything that was asked for so far is on the disk, or has failed to get there. */
  async settled(): Promise<void> {
    for (let work: unknown; work !== this.#diskWork;) {
      work = this.#diskWork;
      await work;
    }
  }

  /** Which of these orders are not on the disk, and why. */
  unwritten(ids: readonly string[]): ReadonlyMap<string, string> {
    return new Map([...this.#unwritten].filter(([id]) => ids.includes(id)));
  }

  /** For whoever ordered these stops: what they cannot rely on, where there is something; in a moment, whatever the disk does. */
  async warningOf(ids: readonly string[]): Promise<string> {
    await Promise.race([this.settled(), sleep(warnAfterMs, undefined, { ref: false })]);
    const [first] = this.unwritten(ids);
    if (first === undefined) return '';
    const [id, why] = first;
    return `the stop is done, but that of ${id} is not on the disk of the controller (${why}): a controller that is killed before the store has it goes on when it is started again`;
  }

  #onDisk(work: () => Promise<void>, failed: (why: string) => void): void {
    this.#diskWork = this.#diskWork
      .then(work)
      .catch((error: unknown) => failed(OrdealError.from(error).message));
  }
}
