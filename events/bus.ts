import { OrdealError } from '../errors/ordeal-error.ts';
import type { Event } from './event.ts';
import type { Log } from './log.ts';
import type { SampleBatch } from './samples.ts';
import type { Store } from './store.ts';

export interface BusOptions {
  /** Such as "127.0.0.1:4222"; several are separated by commas. */
  readonly servers: string;
  /** Paths of files. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  /** What the server's monitoring shows for this connection. */
  readonly name: string;
  readonly log: Log;
}

export interface EventsOptions {
  readonly durable?: string;
  readonly fromSequence?: number;
  readonly campaign?: string;
  readonly signal?: AbortSignal;
}

export interface SamplesOptions {
  readonly durable: string;
  readonly signal?: AbortSignal;
}

interface Delivery {
  readonly sequence: number;
  ack(): void;
}
export interface EventDelivery extends Delivery {
  readonly event: Event;
}
export interface SampleDelivery extends Delivery {
  readonly batch: SampleBatch;
}

export class Bus {
  static async connect(_options: BusOptions): Promise<Bus> {
    return await Promise.resolve(new Bus());
  }

  get connected(): boolean {
    return false;
  }

  async ensureStreams(): Promise<void> {
    return await later();
  }

  async publish(_subject: string, _id: string, _data: Uint8Array): Promise<void> {
    return await later();
  }

  events(_options: EventsOptions): AsyncIterable<EventDelivery> {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  samples(_options: SamplesOptions): AsyncIterable<SampleDelivery> {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  async store(_bucket: string): Promise<Store> {
    return await later();
  }

  async close(): Promise<void> {
    return await later();
  }
}

function later(): Promise<never> {
  return Promise.reject(new OrdealError('INTERNAL', 'not built yet'));
}
