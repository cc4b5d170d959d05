import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Bus } from '../../events/bus.ts';
import type { Store } from '../../events/store.ts';
import type { Log } from '../../service/log.ts';
import { firingSchema, scheduleRecordSchema, type Firing, type ScheduleRecord } from '../schedule/records.ts';
import type { Ownership } from './ownership.ts';
import {
  campaignRecordSchema,
  injectionRecordSchema,
  trialRecordSchema,
  type CampaignRecord,
  type InjectionRecord,
  type TrialRecord,
} from './records.ts';

const bucket = 'ordeal_controller';
const retryAfterMs = 500;
/** A person who asks for something new is not kept waiting for a store that is away; longer than a slow disk takes to sync. */
const patienceMs = 5_000;

/**
 * The controller's state in JetStream. Writes are put in the order in which they were asked for, over every outage of the store, and only while
 * the store is this controller's.
 */
export class State {
  readonly #ownership: Ownership;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  #store: Store | undefined;
  /** Of every key that was read or written; others are not there. */
  readonly #revisions = new Map<string, number>();
  #last: Promise<void> = Promise.resolve();

  constructor(ownership: Ownership, log: Log, signal: AbortSignal) {
    this.#ownership = ownership;
    this.#log = log;
    this.#signal = signal;
  }

  /** Resolves when the store is there, however long that takes; rejects when the controller stops before, or the store is another's. */
  async open(bus: Bus): Promise<void> {
    while (this.#store === undefined) {
      this.#signal.throwIfAborted();
      try {
        await bus.ensureStreams();
        this.#store = await bus.store(bucket);
      } catch (error) {
        this.#log.warn({ error: OrdealError.from(error).message }, 'waiting for the store');
        await sleep(retryAfterMs, undefined, { signal: this.#signal });
      }
    }
    await this.#ownership.take(this.#store);
  }

  async campaigns(): Promise<CampaignRecord[]> {
    return await this.#all('campaign.', campaignRecordSchema);
  }
  async trials(campaign: string): Promise<TrialRecord[]> {
    const trials = await this.#all(`trial.${campaign}.`, trialRecordSchema);
    // The keys come as texts do, in which t1000 stands before t101.
    return trials.toSorted((one, other) => one.plan.id.length - other.plan.id.length);
  }
  async injections(): Promise<InjectionRecord[]> {
    return await this.#all('injection.', injectionRecordSchema);
  }

  async schedules(): Promise<ScheduleRecord[]> {
    return await this.#all('schedule.', scheduleRecordSchema);
  }
  async firings(): Promise<Firing[]> {
    return await this.#all('firing.', firingSchema);
  }

  /** Each checks what the next controller will have to read, and resolves when it is stored. With `patient: false` it rejects when that takes longer than a person should wait. */
  async putCampaign(record: CampaignRecord, patience: Patience = { patient: true }): Promise<void> {
    await this.#put(`campaign.${record.id}`, campaignRecordSchema.parse(record), patience);
  }
  async putTrial(record: TrialRecord, patience: Patience = { patient: true }): Promise<void> {
    await this.#put(`trial.${record.campaign}.${record.plan.id}`, trialRecordSchema.parse(record), patience);
  }
  async putInjection(record: InjectionRecord, patience: Patience = { patient: true }): Promise<void> {
    await this.#put(`injection.${record.id}`, injectionRecordSchema.parse(record), patience);
  }
  async deleteInjection(id: string): Promise<void> {
    await this.#delete(`injection.${id}`);
  }
  async putSchedule(record: ScheduleRecord, patience: Patience = { patient: true }): Promise<void> {
    await this.#put(`schedule.${record.name}`, scheduleRecordSchema.parse(record), patience);
  }
  async deleteSchedule(name: string, patience: Patience = { patient: true }): Promise<void> {
    await this.#delete(`schedule.${name}`, patience);
  }
  /** The first word on an instant is the only one: answers it, also where an earlier try or an earlier controller has said it. */
  async createFiring(firing: Firing): Promise<Firing> {
    const key = firingKey(firing);
    let first = firingSchema.parse(firing);
    const write = async (store: Store, revision: number): Promise<number | undefined> => {
      if (revision === 0) return await store.put(key, firing, 0);
      const found = await store.get(key);
      if (found !== undefined) first = firingSchema.parse(found.value);
      return found?.revision;
    };
    await this.#inOrder(key, write, { patient: false });
    return first;
  }
  async putFiring(firing: Firing): Promise<void> {
    await this.#put(firingKey(firing), firingSchema.parse(firing), { patient: true });
  }
  async deleteFiring(firing: Firing): Promise<void> {
    await this.#delete(firingKey(firing));
  }

  async #delete(key: string, patience: Patience = { patient: true }): Promise<void> {
    const write = async (store: Store, revision: number): Promise<number | undefined> =>
      revision === 0 || (await store.delete(key, revision)) ? 0 : undefined;
    await this.#inOrder(key, write, patience);
  }

  async #put(key: string, record: object, patience: Patience): Promise<void> {
    // What is meant is how the record is now, not how it will be when its turn comes.
    const value: unknown = JSON.parse(JSON.stringify(record));
    await this.#inOrder(key, async (store, revision) => await store.put(key, value, revision), patience);
  }

  async #inOrder(key: string, write: Write, { patient }: Patience): Promise<void> {
    const giveUp = patient ? this.#signal : AbortSignal.any([this.#signal, AbortSignal.timeout(patienceMs)]);
    const turn = this.#last.then(async () => await this.#retried(key, write, giveUp));
    this.#last = turn.catch(() => undefined);
    if (patient) await turn;
    else await Promise.race([turn, rejected(giveUp)]);
  }

  async #retried(key: string, write: Write, giveUp: AbortSignal): Promise<void> {
    for (;;) {
      if (giveUp.aborted) throw away();
      try {
        if (this.#store === undefined) throw away();
        await this.#write(this.#store, key, write);
        return;
      } catch (error) {
        const failure = OrdealError.from(error, 'STORE_UNAVAILABLE');
        // What the store refuses, it refuses again; and one that was taken does not come back.
        if (failure.code === 'INVALID_INPUT' || failure.code === 'DEPOSED') throw failure;
        this.#log.warn({ error: failure.message }, 'the store takes no write; trying again');
        await sleep(retryAfterMs, undefined, { signal: giveUp }).catch(() => undefined);
      }
    }
  }

  async #write(store: Store, key: string, write: Write): Promise<void> {
    await this.#ownership.confirm();
    for (;;) {
      const revision = await write(store, this.#revisions.get(key) ?? 0);
      if (revision !== undefined) {
        if (revision === 0) this.#revisions.delete(key);
        else this.#revisions.set(key, revision);
        return;
      }
      // An own write of which nothing was heard, or the last one of an owner before: it is replaced, unless the store is another's now.
      await this.#ownership.renew();
      this.#revisions.set(key, (await store.get(key))?.revision ?? 0);
    }
  }

  async #all<T>(prefix: string, schema: z.ZodType<T>): Promise<T[]> {
    for (;;) {
      this.#signal.throwIfAborted();
      try {
        if (this.#store === undefined) throw away();
        const records: T[] = [];
        for await (const { key, value, revision } of this.#store.entries(prefix)) {
          this.#revisions.set(key, revision);
          const read = schema.safeParse(value);
          if (read.success) records.push(read.data);
          else
            this.#log.error({ key, error: read.error.message }, 'a record cannot be read; it is left alone');
        }
        return records;
      } catch (error) {
        this.#log.warn({ error: OrdealError.from(error).message }, 'the store cannot be read; trying again');
        await sleep(retryAfterMs, undefined, { signal: this.#signal });
      }
    }
  }
}

/** Of the value that has this revision; answers the new one, 0 where there is none any more, undefined where it has another. */
type Write = (store: Store, revision: number) => Promise<number | undefined>;

function firingKey({ schedule, instantMs }: Firing): string {
  return `firing.${schedule}.${instantMs}`;
}

interface Patience {
  readonly patient: boolean;
}

async function rejected(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    if (signal.aborted) reject(away());
    signal.addEventListener('abort', () => reject(away()), { once: true });
  });
}

function away(): OrdealError {
  return new OrdealError('STORE_UNAVAILABLE', 'the store of the controller (NATS JetStream) does not answer');
}
