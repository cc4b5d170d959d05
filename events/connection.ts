import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from 'nats';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Log } from './log.ts';
import { inboxOf } from './rights.ts';

export interface ConnectionOptions {
  /** Such as "127.0.0.1:4222"; several are separated by commas. */
  readonly servers: string;
  /** Paths of files. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  /** What the server's monitoring shows for this connection; of a process of Ordeal, the name in its certificate: its rights cover the inbox of no other. */
  readonly name: string;
  readonly log: Log;
}

/** A handshake on a network that works takes milliseconds; one that hangs is tried again soon. */
const firstPatienceMs = 3_000;
/** On an emulated and busy machine it takes seconds: so each try has more patience than the one before, up to this. */
const mostPatienceMs = 15_000;
const retryAfterMs = 250;
/** A connection that was cut without a word is noticed after three of these. */
const pingEveryMs = 5_000;
/** What is on its way when the process ends gets so long to leave it. */
const flushWithinMs = 1_000;

/**
 * A connection to NATS that is made again for ever, until it is closed. Each time with a new client: what was under way on a lost one
 * fails at once, and nothing of it is sent on the next one behind the back of whoever keeps the order.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<(error: Error) => void>();
  readonly #waiting = new Set<(client: NatsConnection) => void>();
  #client: NatsConnection | undefined;
  #failure = '';
  #patienceMs = firstPatienceMs;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    void this.#maintain();
  }

  get inbox(): string {
    return inboxOf(this.#options.name);
  }

  get client(): NatsConnection | undefined {
    return this.#client;
  }

  /** Waits until there is a client; rejects when the signal aborts, or the connection is closed. */
  async ready(signal?: AbortSignal): Promise<NatsConnection> {
    if (this.#client !== undefined) return this.#client;
    const given = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    return await new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(connected);
        given.removeEventListener('abort', aborted);
      };
      const connected = (client: NatsConnection): void => {
        settle();
        resolve(client);
      };
      const aborted = (): void => {
        settle();
        reject(this.unavailable());
      };
      this.#waiting.add(connected);
      given.addEventListener('abort', aborted);
      if (given.aborted) aborted();
    });
  }

  /** Does something with the client that is there now; fails as soon as that is lost. */
  async use<T>(work: (client: NatsConnection) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (client === undefined) throw this.unavailable();
    return await new Promise<T>((resolve, reject) => {
      this.#underWay.add(reject);
      const done = work(client).then(resolve, (cause: unknown) => reject(this.unavailable(cause)));
      void done.finally(() => this.#underWay.delete(reject));
    });
  }

  unavailable(cause?: unknown): OrdealError {
    if (cause instanceof OrdealError) return cause;
    const why = cause instanceof Error ? cause.message : this.#failure;
    const message = `the nats-server at ${this.#options.servers} does not answer${why === '' ? '' : `: ${why}`}`;
    return new OrdealError('STORE_UNAVAILABLE', message, { cause });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const client = this.#client;
    if (client === undefined) return;
    await Promise.race([
      client.flush().catch(() => undefined),
      sleep(flushWithinMs, undefined, { ref: false }),
    ]);
    await client.close();
  }

  async #maintain(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#connectOnce();
      } catch (error) {
        this.#patienceMs = Math.min(2 * this.#patienceMs, mostPatienceMs);
        this.#failed(OrdealError.from(error).message);
      }
      await sleep(retryAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #connectOnce(): Promise<void> {
    const { servers, tls, name, log } = this.#options;
    const client = await connect({
      servers: servers.split(',').map((server) => server.trim()),
      tls: { caFile: tls.ca, certFile: tls.cert, keyFile: tls.key },
      name,
      inboxPrefix: inboxOf(name),
      reconnect: false,
      timeout: this.#patienceMs,
      pingInterval: pingEveryMs,
      maxPingOut: 2,
    });
    if (this.#isStopped()) {
      await client.close();
      return;
    }
    this.#client = client;
    this.#patienceMs = firstPatienceMs;
    this.#failure = '';
    log.info({ server: client.getServer() }, 'connected to NATS');
    for (const connected of [...this.#waiting]) connected(client);
    const error = await client.closed();
    this.#client = undefined;
    for (const reject of this.#underWay) reject(this.unavailable(error));
    this.#underWay.clear();
    if (!this.#isStopped()) this.#failed(error?.message ?? 'the connection was closed');
  }

  /** An outage is told of once, not with every attempt to end it. */
  #failed(why: string): void {
    if (why !== this.#failure) this.#options.log.warn({ servers: this.#options.servers, why }, 'no NATS');
    this.#failure = why;
  }
}
