import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs, wallUs } from '../clock/monotonic.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Bus } from './bus.ts';
import { eventSchema, type EventBody, type Identity, type Origin } from './event.ts';
import { encodeEvent, messageBytesAtMost } from './event-codec.ts';
import { Ledger, scopeSchema, type Scope } from './ledger.ts';
import type { Log } from './log.ts';
import { readBootId } from '../procfs/identity.ts';
import { Publisher } from './publisher.ts';
import { bytesPerRow, rowsOf, type SampleColumns } from './sample-columns.ts';
import { encodeSamples } from './samples.ts';
import { Spool } from './spool.ts';
import { eventStream, sampleStream, subjectOf } from './streams.ts';

export type { Scope } from './ledger.ts';

/** When something was, in the host's monotonic clock; of an earlier boot, which had a clock of its own, with what is known of that. */
export interface Instant {
  readonly monoUs: number;
  readonly ofEarlierBoot?: { readonly id: string; readonly wallUs: number };
}

export interface ReporterOptions {
  readonly producer: string;
  readonly host: string;
  /** Where the spool is; no two processes can share one. */
  readonly directory: string;
  readonly bus: Bus | Promise<Bus>;
  readonly log: Log;
  /** Above it, samples are refused. 1 GiB: 10 000 requests a second for an hour. Events are never refused. */
  readonly spoolBytes?: number;
}

const defaultSpoolBytes = 1024 * 1024 * 1024;
/** Half of what NATS carries, so that the classes in front of the columns need not be counted. */
const rowsAtMost = Math.floor((512 * 1024) / bytesPerRow);
/** How long what is under way may still arrive when the process ends. */
const endWithinMs = 1_000;

/** The one voice of a process: what it says goes to its spool on disk, and from there, in order, to the bus as soon as that takes it. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #incarnation: string;
  readonly #origin: Origin;
  readonly #ledger: Ledger;
  readonly #spool: Spool;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #publishing: Promise<void>;
  #refused = 0;

  private constructor(
    options: ReporterOptions,
    origin: Origin,
    incarnation: string,
    ledger: Ledger,
    spool: Spool,
  ) {
    this.#options = options;
    this.#origin = origin;
    this.#incarnation = incarnation;
    this.#ledger = ledger;
    this.#spool = spool;
    this.#publishing = this.#publish();
  }

  /** Begins a new incarnation of the producer; first it publishes what earlier ones left, under their names. */
  static async open(options: ReporterOptions): Promise<Reporter> {
    const { directory, log } = options;
    const ledger = new Ledger();
    const incarnation = randomBytes(4).toString('hex');
    const spool = await Spool.open({
      directory,
      log,
      replay: (header) => {
        if (header.kind === 'stand') ledger.restore(header.stand);
        else ledger.said(header.identity, header.kind === 'message' && header.closes, wallUs());
      },
      lost: () => ledger.lost(),
      first: () => ({ header: { kind: 'stand', stand: ledger.stand(wallUs()) }, data: Buffer.alloc(0) }),
    });
    log.info({ incarnation, pending: spool.pending }, 'the spool is open');
    const origin = { host: options.host, boot: bootName(await readBootId()) };
    return new Reporter(options, origin, incarnation, ledger, spool);
  }

  /** Entries that are not yet stored in their stream. */
  get pending(): number {
    return this.#spool.pending;
  }

  /** When it returns, a kill of the process loses nothing. `at` is the instant that the event tells of, where that is not now. */
  event(scope: Scope, body: EventBody, at: Instant = { monoUs: monotonicUs() }): void {
    if (!this.#maySpeak(scope, body.kind)) return;
    const identity = this.#nextIdentity(scope);
    const event = { ...identity, ...this.#origin, ...stampOf(at), body };
    const checked = eventSchema.safeParse(event);
    if (!checked.success)
      throw new OrdealError('INTERNAL', `the event ${body.kind} is not valid: ${checked.error.message}`);
    const data = encodeEvent(checked.data);
    if (data.length > messageBytesAtMost) throw tooLarge(`the event ${body.kind}`, data.length);
    this.#append(eventStream, identity, data, body.kind === 'producer.closed');
  }

  /** Like `event`. Where the spool is full, they are refused: their seqs stay missing, which makes the attempt visibly incomplete. */
  samples(scope: Scope, classes: readonly string[], columns: SampleColumns): void {
    if (!this.#maySpeak(scope, 'samples')) return;
    const rows = columns.intendedUs.length;
    for (let from = 0; from < rows; from += rowsAtMost) {
      this.#sampleBatch(scope, classes, rowsOf(columns, from, Math.min(rows, from + rowsAtMost)));
    }
  }

  /** The last word on an attempt, with the last seq of every incarnation that spoke; afterwards what is said of it is dropped. */
  closeAttempt(scope: Scope): void {
    if (this.#ledger.isClosed(scope)) return;
    const incarnation = this.#incarnation;
    const earlier = this.#ledger.incarnations(scope).filter((other) => other.incarnation !== incarnation);
    const own = { incarnation, lastSeq: this.#ledger.nextSeq(scope, incarnation) };
    this.event(scope, { kind: 'producer.closed', incarnations: [...earlier, own] });
  }

  /** Resolves when nothing is pending; rejects when the reporter ends before. */
  async drained(): Promise<void> {
    while (this.pending > 0) {
      if (this.#stop.signal.aborted) {
        throw new OrdealError('STORE_UNAVAILABLE', `${this.pending} entries are still in the spool`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Publishes no more; what is left waits in the spool for the next start. */
  async end(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#wake();
    const timeout = new AbortController();
    const patience = sleep(endWithinMs, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([this.#publishing, patience]);
    timeout.abort();
    await this.#spool.close();
  }

  async #publish(): Promise<void> {
    const publisher = new Publisher(this.#spool, this.#options.log, () => this.#wake());
    try {
      await publisher.run(await this.#options.bus, this.#stop.signal);
    } catch (error) {
      this.#options.log.error({ why: OrdealError.from(error).message }, 'nothing is published any more');
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #maySpeak(scope: Scope, kind: string): boolean {
    const { log } = this.#options;
    const isClosed = this.#ledger.isClosed(scope);
    if (!isClosed && !this.#stop.signal.aborted) return true;
    // Its seq would be above the last one that was announced, or never leave: it takes none.
    const why = isClosed ? 'the attempt is closed' : 'the reporter has ended';
    log.error({ ...scope, kind, why }, 'something was said too late, and is dropped');
    return false;
  }

  #nextIdentity(scope: Scope): Identity {
    const checked = scopeSchema.safeParse(scope);
    if (!checked.success) throw new OrdealError('INTERNAL', `no scope: ${checked.error.message}`);
    const incarnation = this.#incarnation;
    const seq = this.#ledger.nextSeq(scope, incarnation);
    return { producer: this.#options.producer, incarnation, seq, ...checked.data };
  }

  #sampleBatch(scope: Scope, classes: readonly string[], columns: SampleColumns): void {
    const { log, spoolBytes = defaultSpoolBytes } = this.#options;
    const identity = this.#nextIdentity(scope);
    const rows = columns.intendedUs.length;
    const data = encodeSamples({
      header: { ...identity, ...this.#origin, classes: [...classes], rows },
      columns,
    });
    if (data.length > messageBytesAtMost) throw tooLarge('a batch of samples', data.length);
    if (this.#spool.bytes + data.length <= spoolBytes) {
      if (this.#refused > 0) log.warn({ refused: this.#refused }, 'the spool takes samples again');
      this.#refused = 0;
      this.#append(sampleStream, identity, data, false);
      return;
    }
    if (this.#refused === 0) log.error({ ...scope, spoolBytes }, 'the spool is full: samples are refused');
    this.#refused += 1;
    this.#write(identity, false, () =>
      this.#spool.append({ header: { kind: 'refusal', identity }, data: Buffer.alloc(0) }),
    );
  }

  #append(stream: { readonly prefix: string }, identity: Identity, data: Buffer, closes: boolean): void {
    const subject = subjectOf(stream, identity, identity.producer);
    this.#write(identity, closes, () =>
      this.#spool.append({ header: { kind: 'message', identity, subject, closes }, data }),
    );
  }

  /** A disk that fails must not keep a fault from being reverted: it is told of, and the seq stays missing. */
  #write(identity: Identity, closes: boolean, append: () => void): void {
    this.#ledger.said(identity, closes, wallUs());
    try {
      append();
    } catch (error) {
      this.#options.log.error(
        { ...identity, why: OrdealError.from(error).message },
        'the spool takes nothing',
      );
    }
  }
}

function stampOf({ monoUs, ofEarlierBoot }: Instant): { boot?: string; wallUs: number; monoUs: number } {
  if (ofEarlierBoot === undefined) return { monoUs, wallUs: wallUs() - (monotonicUs() - monoUs) };
  return { monoUs, wallUs: ofEarlierBoot.wallUs, boot: bootName(ofEarlierBoot.id) };
}

/** Enough of it to tell the boots of one host apart. */
function bootName(id: string): string {
  return id.slice(0, 8);
}

function tooLarge(what: string, bytes: number): OrdealError {
  return new OrdealError(
    'INVALID_INPUT',
    `${what} has ${bytes} bytes; ${messageBytesAtMost} can be sent at most`,
  );
}
