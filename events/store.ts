import type { KV, NatsConnection } from 'nats';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Connection } from './connection.ts';

/** NATS carries no larger message unless its operator says so. */
const valueBytesAtMost = 1024 * 1024;

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
  async get(key: string): Promise<unknown> {
    check(key);
    return await this.#use(async (kv) => {
      const entry = await kv.get(key);
      return entry === null || entry.operation !== 'PUT' ? undefined : entry.json();
    });
  }

  /** The value becomes JSON; more than 1 MiB of it is refused. */
  async put(key: string, value: unknown): Promise<void> {
    check(key);
    const data = Buffer.from(JSON.stringify(value));
    if (data.length > valueBytesAtMost) {
      throw new OrdealError(
        'INVALID_INPUT',
        `the value of ${this.#bucket}/${key} has ${data.length} bytes; a value has ${valueBytesAtMost} at most`,
      );
    }
    await this.#use((kv) => kv.put(key, data));
  }

  async delete(key: string): Promise<void> {
    check(key);
    await this.#use((kv) => kv.delete(key));
  }

  /** Every key that begins so, with its value. */
  async *entries(prefix: string): AsyncGenerator<[string, unknown]> {
    const keys = await this.#use(async (kv) => {
      const found: string[] = [];
      for await (const key of await kv.keys()) if (key.startsWith(prefix)) found.push(key);
      return found.sort();
    });
    for (const key of keys) {
      const value = await this.get(key);
      if (value !== undefined) yield [key, value];
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

function check(key: string): void {
  if (/^[-/=\w]+(\.[-/=\w]+)*$/.test(key)) return;
  throw new OrdealError(
    'INVALID_INPUT',
    `"${key}" cannot be a key: letters, digits, dashes, slashes, and dots between them can`,
  );
}
