import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** In the place of an id: a stop of everything, given before it was known what there is. */
export const everything = 'everything';

/**
 * Orders to stop, on the controller's own disk: they must hold after a crash even when they were given while the store was away, and
 * so could not be recorded there. A file for each campaign or injection, taken away when the store has it.
 */
export class StopMarks {
  readonly #directory: string;

  constructor(stateDirectory: string) {
    this.#directory = join(stateDirectory, 'stopped');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    syncDirectory(stateDirectory);
  }

  /** Takes a millisecond or so and never waits for another machine: when it returns, the order is on the disk. */
  add(id: string, reason: string): void {
    const unfinished = join(this.#directory, `.${id}`);
    const file = openSync(unfinished, 'w', 0o600);
    writeSync(file, reason);
    fsyncSync(file);
    closeSync(file);
    renameSync(unfinished, join(this.#directory, id));
    syncDirectory(this.#directory);
  }

  remove(id: string): void {
    rmSync(join(this.#directory, id), { force: true });
  }

  /** Reasons by id. */
  all(): ReadonlyMap<string, string> {
    const ids = readdirSync(this.#directory).filter((name) => !name.startsWith('.'));
    return new Map(ids.map((id) => [id, readFileSync(join(this.#directory, id), 'utf8')]));
  }
}

/** A file's name is in its directory, which is a file of its own: without this a new name can be lost with the power. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
