import { NatsError, type KV, type NatsConnection } from 'nats';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Connection } from './connection.ts';

/** NATS carries no message above 1 MiB unless its operator says so; its header names the expected revision. */
const valueBytesAtMost = 1024 * 1024 - 256;

/** That of JetStream for a value whose key has another revision than the one expected. */
const wrongRevision = 10_071;

interface Entry {
  readonly value: unknown;
  /** Grows with every put. */
  readonly revision: number;
}

/** State by key, in a JetStream bucket; the last value put is the one got, also after a crash of everybody. */
export class Store {
  readonly #connection: Connection;
  readonly #bucket: string;
  #opened: { readonly client: NatsConnection; readonly kv: Promise<KV> } | undefined;

  constructor(connection: Connection, bucket: string) {
    this.#connection = connection;
    this.#bucket = bucket;
  }

  /** Undefined where there is none. */
  async get(key: string): Promise<Entry | undefined> {
    check(key);
    return await this.#use(async (kv) => {
      const entry = await kv.get(key);
      if (entry?.operation !== 'PUT') return undefined;
      return { value: entry.json<unknown>(), revision: entry.revision };
    });
  }

  /**
   * Replaces the value that has the expected revision, 0 where there shall be none, and answers the new one; undefined where somebody else has put
   * one meanwhile, which stays. The value becomes JSON; more than about 1 MiB of it is refused.
   */
  async put(key: string, value: unknown, expected: number): Promise<number | undefined> {
    check(key);
    const data = Buffer.from(JSON.stringify(value));
    if (data.length > valueBytesAtMost) {
      throw new OrdealError(
        'INVALID_INPUT',
        `the value of ${this.#bucket}/${key} has ${data.length} bytes; a value has ${valueBytesAtMost} at most`,
      );
    }
    return await this.#use(async (kv) => {
      const arrived = expected === 0 ? kv.create(key, data) : kv.update(key, data, expected);
      return await arrived.catch(ifMoved);
    });
  }

  /** False where it does not have the expected revision any more. */
  async delete(key: string, expected: number): Promise<boolean> {
    check(key);
    return await this.#use(async (kv) => {
      try {
        await kv.delete(key, { previousSeq: expected });
        return true;
      } catch (error) {
        ifMoved(error);
        return false;
      }
    });
  }

  /** Every key that begins so, with its value. */
  async *entries(prefix: string): AsyncGenerator<Entry & { readonly key: string }> {
    const keys = await this.#use(async (kv) => {
      const found: string[] = [];
      for await (const key of await kv.keys()) if (key.startsWith(prefix)) found.push(key);
      return found.sort();
    });
    for (const key of keys) {
      const entry = await this.get(key);
      if (entry !== undefined) yield { key, ...entry };
    }
  }

  /** Makes the bucket, unless it is there. */
  async open(): Promise<void> {
    await this.#use(() => Promise.resolve());
  }

  async #use<T>(work: (kv: KV) => Promise<T>): Promise<T> {
    return await this.#connection.use(async (client) => {
      if (this.#opened?.client !== client) {
        // Not from any replica: what was put must be what is got.
        const kv = client.jetstream().views.kv(this.#bucket, { history: 1, allow_direct: false });
        this.#opened = { client, kv };
        // Tried again with the next use.
        kv.catch(() => (this.#opened = undefined));
      }
      return await work(await this.#opened.kv);
    });
  }
}

/** For a catch: undefined where the key has another revision, else the error goes on. */
function ifMoved(error: unknown): undefined {
  if (error instanceof NatsError && error.api_error?.err_code === wrongRevision) return undefined;
  throw error;
}

function check(key: string): void {
  if (/^[-/=\w]+(\.[-/=\w]+)*$/.test(key)) return;
  throw new OrdealError(
    'INVALID_INPUT',
    `"${key}" cannot be a key: letters, digits, dashes, slashes, and dots between them can`,
  );
}
