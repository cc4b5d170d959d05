import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../service/durable-file.ts';
import { processIdentitySchema, type ProcessIdentity } from '../procfs/identity.ts';
import { isFinal, type StatusOfTask } from './status.ts';

const effectsSchema = z.strictObject({
  count: z.union([z.number(), z.literal('unknown')]),
  firstUs: z.number().exactOptional(),
  lastUs: z.number().exactOptional(),
  dose: z.strictObject({ unit: z.string(), asked: z.number(), achieved: z.number() }).exactOptional(),
  remark: z.string().exactOptional(),
});

const outcomeSchema = z.strictObject({
  id: z.string(),
  state: z.enum(['ENDED', 'FAILED']),
  error: z.strictObject({ code: z.string(), message: z.string() }).exactOptional(),
  effects: effectsSchema.exactOptional(),
  found: z.array(z.string()).exactOptional(),
  target: z.string().exactOptional(),
  atUs: z.number(),
});

const begunSchema = z.strictObject({
  id: z.string(),
  state: z.literal('BEGUN'),
  process: processIdentitySchema.exactOptional(),
});

/** A task that was begun and has no outcome; the process that leads the group in which it runs, once there was one. */
export type Begun = z.infer<typeof begunSchema>;

/**
 * The latest status of each task, said until the controller has acknowledged it. A final one is on disk before it is said, so that an agent that is
 * started anew knows what it has done already, and does not do it twice.
 */
export class Outbox {
  readonly #directory: string;
  readonly #latest = new Map<string, StatusOfTask>();
  readonly #acknowledged = new Set<string>();
  readonly #begunEarlier: Begun[] = [];
  #listener: (status: StatusOfTask) => void = () => undefined;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(stateDirectory: string): Promise<Outbox> {
    const outbox = new Outbox(join(stateDirectory, 'outcomes'));
    await mkdir(outbox.#directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(outbox.#directory)) {
      if (name.startsWith('.')) continue;
      const kept = await readKept(join(outbox.#directory, name));
      if (kept?.state === 'BEGUN') outbox.#begunEarlier.push(kept);
      else if (kept !== undefined) outbox.#latest.set(kept.id, kept);
    }
    return outbox;
  }

  /** Called for every status that is new. */
  onStatus(listener: (status: StatusOfTask) => void): void {
    this.#listener = listener;
  }

  /** What an earlier agent began and did not come to keep the outcome of. */
  get begunEarlier(): readonly Begun[] {
    return this.#begunEarlier;
  }

  /** Puts on disk that a task has begun that must never begin twice; its outcome takes the place of this. */
  async begin(id: string, process?: ProcessIdentity): Promise<void> {
    const begun: Begun = { id, state: 'BEGUN', ...(process === undefined ? {} : { process }) };
    await writeDurably(this.#pathOf(id), JSON.stringify(begun));
  }

  /** Puts a final status on disk; it is said only when all that it promises is done. */
  async keep(status: StatusOfTask): Promise<void> {
    await writeDurably(this.#pathOf(status.id), JSON.stringify(status));
  }

  say(status: StatusOfTask): void {
    this.#latest.set(status.id, status);
    this.#acknowledged.delete(status.id);
    this.#listener(status);
  }

  /** An acknowledgement of an earlier state does not cover the later one. */
  acknowledge(id: string, state: string): void {
    if (this.#latest.get(id)?.state === state) this.#acknowledged.add(id);
  }

  /** Says the latest status of a task again, to a controller that may not be the one that acknowledged it. */
  repeat(id: string): void {
    const latest = this.#latest.get(id);
    if (latest !== undefined) this.say(latest);
  }

  isAcknowledged(id: string): boolean {
    return this.#acknowledged.has(id);
  }

  outcomeOf(id: string): StatusOfTask | undefined {
    const latest = this.#latest.get(id);
    return latest !== undefined && isFinal(latest) ? latest : undefined;
  }

  /** The tasks that have a final status, whoever's they were. */
  finished(): string[] {
    return [...this.#latest.values()].filter(isFinal).map((status) => status.id);
  }

  pending(): StatusOfTask[] {
    return [...this.#latest.values()].filter((status) => !this.#acknowledged.has(status.id));
  }

  async forget(id: string): Promise<void> {
    this.#latest.delete(id);
    this.#acknowledged.delete(id);
    await rm(this.#pathOf(id), { force: true });
  }

  #pathOf(id: string): string {
    return join(this.#directory, `${encodeURIComponent(id)}.json`);
  }
}

/** One that cannot be read says nothing about a fault on this host: that is the journal's part. */
async function readKept(path: string): Promise<StatusOfTask | Begun | undefined> {
  try {
    return z.union([outcomeSchema, begunSchema]).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    await rm(path, { force: true });
    return undefined;
  }
}
