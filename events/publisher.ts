import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Bus } from './bus.ts';
import { idOf } from './event.ts';
import type { Log } from './log.ts';
import type { Position } from './segment.ts';
import type { Spool } from './spool.ts';
import type { SpoolRecord } from './record.ts';

/** Hides the way to the server and its disk; with the largest messages it is 16 MiB of memory. */
const underWayAtMost = 32;
const retryAfterMs = 500;

interface UnderWay {
  readonly next: Position;
  readonly messages: number;
  readonly stored: Promise<void>;
}

/** Publishes a spool in its order, and passes what the stream has stored. */
export class Publisher {
  readonly #spool: Spool;
  readonly #log: Log;
  readonly #passed: () => void;
  #stalled = false;

  constructor(spool: Spool, log: Log, passed: () => void) {
    this.#spool = spool;
    this.#log = log;
    this.#passed = passed;
  }

  async run(bus: Bus, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await bus.whenConnected(signal);
        await this.#publish(bus, signal);
      } catch (error) {
        this.#stall(error, signal);
        await sleep(retryAfterMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /**
   * Until one fails; the next call begins with that one again. Order holds although several are under way: they share one connection, which is
   * lost with all of them or none, and while the server has not yet stored one since, it gets them one by one.
   */
  async #publish(bus: Bus, signal: AbortSignal): Promise<void> {
    const underWay: UnderWay[] = [];
    let atMost = 1;
    let next = this.#spool.position;
    const failure = { happened: false };
    try {
      while (!signal.aborted) {
        const mayRead = underWay.length < atMost && !failure.happened;
        const found = mayRead ? await this.#spool.read(next) : undefined;
        if (found !== undefined) {
          next = found.next;
          const stored = send(bus, found.record);
          stored.catch(() => (failure.happened = true));
          underWay.push({ next, messages: found.record.header.kind === 'message' ? 1 : 0, stored });
          continue;
        }
        const oldest = underWay.shift();
        if (oldest === undefined) {
          await this.#spool.something(next, signal);
          continue;
        }
        await oldest.stored;
        this.#spool.advance(oldest.next, oldest.messages);
        this.#goOn();
        this.#passed();
        atMost = underWayAtMost;
      }
    } finally {
      await Promise.allSettled(underWay.map(({ stored }) => stored));
    }
  }

  /** An outage is told of once. */
  #stall(error: unknown, signal: AbortSignal): void {
    if (this.#stalled || signal.aborted) return;
    this.#stalled = true;
    const why = OrdealError.from(error).message;
    this.#log.warn({ pending: this.#spool.pending, why }, 'publishing waits; the spool keeps what is said');
  }

  #goOn(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#log.info({ pending: this.#spool.pending }, 'publishing goes on');
  }
}

async function send(bus: Bus, { header, data }: SpoolRecord): Promise<void> {
  if (header.kind === 'message') await bus.publish(header.subject, idOf(header.identity), data);
}
