import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { monotonicUs, wallUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Store } from '../../events/store.ts';
import type { Log } from '../../service/log.ts';
import { writeDurably } from '../../service/durable-file.ts';
import { systemCode } from '../../errors/system-code.ts';

const ownerSchema = z.object({
  /** Of the state directory: a controller that is started again on it takes over at once, since the directory serves one process at a time. */
  identity: z.string(),
  /** Of the process. */
  incarnation: z.string(),
  /** How many owners there have been. */
  epoch: z.int().positive(),
  machine: z.string(),
  pid: z.int(),
  sinceWallUs: z.int(),
  /** It ended in order, and lets go. */
  released: z.boolean(),
});
type Owner = z.infer<typeof ownerSchema>;

interface Options {
  readonly stateDirectory: string;
  /** When the controller stops. */
  readonly halted: AbortSignal;
  /** Told once: the store is another controller's now. */
  readonly onLost: (error: OrdealError) => void;
  readonly log: Log;
}

const key = 'owner';
const renewEveryMs = 2_000;
/** An owner that has not renewed for so long is taken for dead: longer than a busy machine or a slow disk holds up four renewals. */
const leaseUs = 10_000_000;
const lookEveryMs = 500;
/** An end in order does not wait longer for a store that hangs: the lease then tells. */
const releaseWithinMs = 1_000;

/**
 * Whose the store is: two controllers on one store would both run its campaigns. One key says who, and is only ever replaced at the revision at which
 * it was read. No clocks of two machines are compared: whoever wants the store looks, by its own clock, whether the owner renews.
 */
export class Ownership {
  readonly #options: Options;
  readonly #incarnation = randomBytes(4).toString('hex');
  #store: Store | undefined;
  #owner: Owner | undefined;
  #revision = 0;
  /** By this process's clock: until then no other can have taken the store. */
  #heldUntilUs = 0;
  #renewal: Promise<void> | undefined;
  #lost: OrdealError | undefined;
  #rival: Owner | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Who has to be found dead before the store can be taken, while that is so. */
  get rival(): string | undefined {
    return this.#rival === undefined ? undefined : nameOf(this.#rival);
  }

  /** Resolves when the store is this controller's, however long it is away; rejects where another controller is alive. */
  async take(store: Store): Promise<void> {
    const { stateDirectory, halted, log } = this.#options;
    const identity = await identityOf(stateDirectory);
    let seen: { readonly revision: number; readonly atUs: number } | undefined;
    for (;;) {
      halted.throwIfAborted();
      try {
        const entry = await store.get(key);
        const before = ownerSchema.safeParse(entry?.value).data;
        const isFree = entry === undefined || before?.released === true || before?.identity === identity;
        if (!isFree && seen !== undefined && seen.revision !== entry.revision) throw heldBy(before);
        if (!isFree) seen ??= { revision: entry.revision, atUs: monotonicUs() };
        this.#rival = isFree ? undefined : before;
        if (isFree || (seen !== undefined && monotonicUs() - seen.atUs > leaseUs)) {
          const atUs = monotonicUs();
          const owner = this.#asOwner(identity, (before?.epoch ?? 0) + 1);
          const revision = await store.put(key, owner, entry?.revision ?? 0);
          if (revision !== undefined) {
            this.#begin(store, owner, revision, atUs);
            log.info({ epoch: owner.epoch, before }, 'the store is owned');
            return;
          }
        }
      } catch (error) {
        const failure = OrdealError.from(error);
        if (failure.code === 'ALREADY_EXISTS') throw failure;
        log.warn({ error: failure.message }, 'it cannot be seen whose the store is; looking again');
        // An owner cannot renew in a store that is away.
        seen = undefined;
      }
      await sleep(lookEveryMs, undefined, { signal: halted });
    }
  }

  /** Before every write: resolves while the store is certainly this controller's. */
  async confirm(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (monotonicUs() > this.#heldUntilUs) await this.renew();
  }

  /** Asks the store itself; rejects when it is another's, or does not answer. */
  async renew(): Promise<void> {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    await this.#renewal;
  }

  /** At an end in order: the next controller, wherever it is, need not wait. */
  async release(): Promise<void> {
    const owner = this.#owner;
    if (owner === undefined || this.#store === undefined || this.#lost !== undefined) return;
    await this.#renewal?.catch(() => undefined);
    const put = this.#store.put(key, { ...owner, released: true }, this.#revision).catch(() => undefined);
    await Promise.race([put, sleep(releaseWithinMs, undefined, { ref: false })]);
  }

  #begin(store: Store, owner: Owner, revision: number, atUs: number): void {
    this.#rival = undefined;
    this.#store = store;
    this.#owner = owner;
    this.#revision = revision;
    this.#heldUntilUs = atUs + leaseUs;
    void this.#keep();
  }

  async #keep(): Promise<void> {
    const { halted, log } = this.#options;
    const isOver = (): boolean => halted.aborted;
    for (;;) {
      await sleep(renewEveryMs, undefined, { signal: halted }).catch(() => undefined);
      if (isOver()) return;
      await this.renew().catch((error: unknown) => {
        log.debug({ why: OrdealError.from(error).message }, 'the ownership of the store is not renewed');
      });
    }
  }

  async #renew(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#store === undefined || this.#owner === undefined) {
      throw new OrdealError('STORE_UNAVAILABLE', 'the store of the controller has not been taken yet');
    }
    for (;;) {
      const atUs = monotonicUs();
      const revision = await this.#store.put(key, this.#owner, this.#revision);
      if (revision !== undefined) {
        this.#revision = revision;
        this.#heldUntilUs = atUs + leaseUs;
        return;
      }
      const entry = await this.#store.get(key);
      const owner = ownerSchema.safeParse(entry?.value).data;
      // Its own word, of which it did not hear that it arrived; or the store was lost, and begins anew.
      if (entry !== undefined && owner?.incarnation !== this.#incarnation) throw this.#lose(owner);
      this.#revision = entry?.revision ?? 0;
    }
  }

  #lose(to: Owner | undefined): OrdealError {
    const by = to === undefined ? 'another controller' : nameOf(to);
    const lost = new OrdealError('DEPOSED', `${by} has taken the store of this controller`);
    this.#lost = lost;
    this.#options.onLost(lost);
    return lost;
  }

  #asOwner(identity: string, epoch: number): Owner {
    const process_ = { machine: hostname(), pid: process.pid, sinceWallUs: wallUs() };
    return { identity, incarnation: this.#incarnation, epoch, ...process_, released: false };
  }
}

function heldBy(owner: Owner | undefined): OrdealError {
  const by = owner === undefined ? 'another controller' : nameOf(owner);
  return new OrdealError('ALREADY_EXISTS', `${by} uses this store, and is alive`, {
    remedy: 'One store has one controller: use that one, end it first, or name another nats-server.',
  });
}

function nameOf({ machine, pid, sinceWallUs, epoch }: Owner): string {
  const since = new Date(sinceWallUs / 1000).toISOString();
  return `the controller with the process id ${pid} on ${machine}, owner ${epoch} since ${since},`;
}

/** Made once for a state directory. */
async function identityOf(stateDirectory: string): Promise<string> {
  const path = join(stateDirectory, 'identity');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    const identity = randomBytes(8).toString('hex');
    await writeDurably(path, identity);
    return identity;
  }
}
