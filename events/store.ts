/** State by key, in a JetStream bucket; the last value put is the one got, also after a crash of everybody. */
export interface Store {
  get(key: string): Promise<unknown>;
  /** The value becomes JSON; more than 1 MiB of it is refused. */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  entries(prefix: string): AsyncIterable<[string, unknown]>;
}
