import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, nanos, type JetStreamManager } from 'nats';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Connection } from './connection.ts';
import type { Log } from './log.ts';
import { pull, type Pulled } from './pull.ts';
import { ifMissing } from './streams.ts';
import { Unanswered } from './unanswered.ts';

interface ConsumeOptions {
  readonly stream: string;
  readonly filter: string;
  /** The consumer's name on the server, which keeps what was acknowledged; without one, all is delivered, strictly in order. */
  readonly durable?: string | undefined;
  readonly fromSequence?: number | undefined;
  /** So many messages are asked for at a time. */
  readonly batch: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const retryAfterMs = 500;
/** The server forgets a consumer without a name that nobody asks for so long. */
const forgottenAfterMs = 30_000;
/** What a reader that died left unanswered is delivered again after this: well below the minute for which the controller waits for a verdict. */
const ackWithinMs = 10_000;
/** A reader that lives says so for what it has in hand, however long that takes. */
const workingEveryMs = 3_000;
/** So many may wait for their acknowledgement before the next ones wait for them. */
const unacknowledgedAtMost = 4_096;

/** The messages of a stream, over every restart of the server, until the signal aborts. */
export async function* consume(connection: Connection, options: ConsumeOptions): AsyncGenerator<Pulled> {
  const { signal, log, stream } = options;
  const stopped = (): boolean => signal.aborted;
  let next = options.fromSequence ?? 1;
  while (!stopped()) {
    const unanswered = new Unanswered(workingEveryMs);
    try {
      const client = await connection.ready(signal);
      const manager = await client.jetstreamManager();
      const found = await prepare(manager, options, next);
      next = found.next;
      let delivery = 0;
      while (!client.isClosed() && !stopped()) {
        const arrived = (message: Pulled): void => {
          if (options.durable !== undefined) unanswered.add(message);
        };
        const request = { batch: options.batch, signal, arrived };
        for await (const message of pull(
          client,
          { stream, name: found.name, inbox: connection.inbox },
          request,
        )) {
          delivery += 1;
          if (options.durable === undefined && message.delivery !== delivery)
            throw new Error(`delivery ${message.delivery} came where ${delivery} was due`);
          next = message.sequence + 1;
          yield unanswered.answerable(message);
        }
      }
    } catch (error) {
      if (stopped()) return;
      log.warn({ stream, next, why: OrdealError.from(error).message }, 'reading of a stream begins again');
    } finally {
      unanswered.end();
    }
    await sleep(retryAfterMs, undefined, { signal }).catch(() => undefined);
  }
}

async function prepare(
  manager: JetStreamManager,
  options: ConsumeOptions,
  next: number,
): Promise<{ name: string; next: number }> {
  const { stream, filter, durable } = options;
  if (durable !== undefined) {
    const present = await manager.consumers.info(stream, durable).catch(ifMissing);
    if (present !== undefined) {
      // One of an older version waits longer.
      if (present.config.ack_wait !== nanos(ackWithinMs))
        await manager.consumers.update(stream, durable, { ack_wait: nanos(ackWithinMs) });
      return { name: durable, next };
    }
  }
  const { state } = await manager.streams.info(stream);
  if (next > state.last_seq + 1) {
    options.log.error({ stream, next, last: state.last_seq }, 'the stream was lost and begins again');
    next = 1;
  }
  const start =
    next <= 1
      ? { deliver_policy: DeliverPolicy.All }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next };
  const kept =
    durable === undefined
      ? { ack_policy: AckPolicy.None, inactive_threshold: nanos(forgottenAfterMs), mem_storage: true }
      : {
          durable_name: durable,
          ack_policy: AckPolicy.Explicit,
          ack_wait: nanos(ackWithinMs),
          max_ack_pending: unacknowledgedAtMost,
        };
  const { name } = await manager.consumers.add(stream, { filter_subject: filter, ...start, ...kept });
  return { name, next };
}
