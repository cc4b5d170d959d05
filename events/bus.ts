import { OrdealError } from '../errors/ordeal-error.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { consume } from './consume.ts';
import type { Event } from './event.ts';
import { decodeEvent } from './event-codec.ts';
import { decodeSamples, type SampleBatch } from './samples.ts';
import { checkKind, checkSpeaker } from './speaker.ts';
import { Store } from './store.ts';
import { ensureStreams, eventStream, sampleStream } from './streams.ts';

export type BusOptions = ConnectionOptions;

interface EventsOptions {
  /** The name of the consumer on the server, which then remembers what was acknowledged, and delivers the rest again. */
  readonly durable?: string;
  /** The sequence number in the stream of the first one to get; ignored for a durable that is known already. */
  readonly fromSequence?: number;
  readonly campaign?: string;
  readonly signal?: AbortSignal;
}

interface SamplesOptions {
  readonly durable: string;
  readonly signal?: AbortSignal;
}

interface Delivery {
  /** The place in the stream; grows from one delivery to the next, but for those that are delivered again. */
  readonly sequence: number;
  readonly ack: () => void;
}
export interface EventDelivery extends Delivery {
  readonly event: Event;
}
export interface SampleDelivery extends Delivery {
  readonly batch: SampleBatch;
}

/** An acknowledgement within this, or the message is sent again. */
const publishTimeoutMs = 5_000;
/** How long what cannot wait in a spool waits for a server that is away. */
const patienceMs = 10_000;
const eventsAtATime = 256;
/** Batches of half a mebibyte. */
const samplesAtATime = 16;

/** NATS, as all of Ordeal uses it: the two streams, and buckets for state. */
export class Bus {
  readonly #connection: Connection;
  readonly #options: BusOptions;
  readonly #closed = new AbortController();
  #invalid = 0;

  private constructor(options: BusOptions) {
    this.#options = options;
    this.#connection = new Connection(options);
  }

  /** Answers at once, whether the server is there or not: the bus connects, and connects again, for ever. */
  static async connect(options: BusOptions): Promise<Bus> {
    return await Promise.resolve(new Bus(options));
  }

  get connected(): boolean {
    return this.#connection.client !== undefined;
  }

  /** How many messages were none that this version knows. */
  get invalidMessages(): number {
    return this.#invalid;
  }

  async whenConnected(signal?: AbortSignal): Promise<void> {
    await this.#connection.ready(signal);
  }

  /** Makes the streams, unless they are there; STORE_UNAVAILABLE where the server is away for longer than ten seconds. */
  async ensureStreams(signal?: AbortSignal): Promise<void> {
    await this.#connection.ready(AbortSignal.any([AbortSignal.timeout(patienceMs), this.#until(signal)]));
    await this.#connection.use(async (client) => await ensureStreams(await client.jetstreamManager()));
  }

  /** Resolves when the stream has stored it, under this id; rejects at once where there is no connection. */
  async publish(subject: string, id: string, data: Uint8Array): Promise<void> {
    const options = { msgID: id, timeout: publishTimeoutMs };
    await this.#connection.use((client) => client.jetstream().publish(subject, data, options));
  }

  /** Every event, over every restart of the server. */
  async *events(options: EventsOptions): AsyncGenerator<EventDelivery> {
    const messages = consume(this.#connection, {
      stream: eventStream.name,
      filter: `${eventStream.prefix}.${options.campaign === undefined ? '' : `${options.campaign}.`}>`,
      durable: options.durable,
      fromSequence: options.fromSequence,
      batch: eventsAtATime,
      signal: this.#until(options.signal),
      log: this.#options.log,
    });
    for await (const { subject, data, sequence, ack, term } of messages) {
      const event = this.#read(sequence, () => {
        const read = decodeEvent(data);
        checkSpeaker(subject, eventStream, read);
        checkKind(read);
        return read;
      });
      if (event === undefined) term();
      else yield { event, sequence, ack };
    }
  }

  /** Every batch of samples, over every restart of the server. */
  async *samples(options: SamplesOptions): AsyncGenerator<SampleDelivery> {
    const messages = consume(this.#connection, {
      stream: sampleStream.name,
      filter: `${sampleStream.prefix}.>`,
      durable: options.durable,
      batch: samplesAtATime,
      signal: this.#until(options.signal),
      log: this.#options.log,
    });
    for await (const { subject, data, sequence, ack, term } of messages) {
      const batch = this.#read(sequence, () => {
        const read = decodeSamples(Buffer.from(data)).batch;
        checkSpeaker(subject, sampleStream, read.header);
        return read;
      });
      if (batch === undefined) term();
      else yield { batch, sequence, ack };
    }
  }

  /** The bucket, made unless it is there; STORE_UNAVAILABLE where the server is away for longer than ten seconds. */
  async store(bucket: string): Promise<Store> {
    await this.#connection.ready(AbortSignal.timeout(patienceMs));
    const store = new Store(this.#connection, bucket);
    await store.open();
    return store;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#connection.close();
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }

  /** A message that is none of ours must not stop those behind it. */
  #read<T>(sequence: number, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#invalid += 1;
      const why = OrdealError.from(error).message;
      this.#options.log.error({ sequence, why }, 'a message that cannot be read is passed over');
      return undefined;
    }
  }
}
