import { nanos, RetentionPolicy, StorageType, type JetStreamManager, type StreamConfig } from 'nats';
import { OrdealError } from '../errors/ordeal-error.ts';

export const eventStream = { name: 'ORDEAL_EVENTS', prefix: 'ordeal.events' };
export const sampleStream = { name: 'ORDEAL_SAMPLES', prefix: 'ordeal.samples' };

const dayMs = 24 * 3600 * 1000;

/** A saved run keeps its events and samples for good; here they stay for whoever was away for a while. */
const keptMs = { [eventStream.name]: 30 * dayMs, [sampleStream.name]: 7 * dayMs };

/** Longer than a producer waits before it sends again, so that most repetitions are not even stored; readers know the rest by id. */
const duplicateWindowMs = 2 * 60 * 1000;

export function subjectOf(
  stream: { readonly prefix: string },
  scope: { readonly campaign?: string | undefined; readonly trial?: string | undefined },
  producer: string,
): string {
  return `${stream.prefix}.${scope.campaign ?? '_'}.${scope.trial ?? '_'}.${producer}`;
}

/** Every subject under which a producer speaks. */
export function subjectsOf(stream: { readonly prefix: string }, producer: string): string {
  return `${stream.prefix}.*.*.${producer}`;
}

/** Makes the streams that are missing; one that is there is left as its operator has it (replicas, limits). */
export async function ensureStreams(manager: JetStreamManager): Promise<void> {
  for (const { name, prefix } of [eventStream, sampleStream]) {
    const subject = `${prefix}.>`;
    const present = await manager.streams.info(name).catch(ifMissing);
    if (present === undefined) await manager.streams.add(configuration(name, subject));
    else if (!present.config.subjects.includes(subject)) {
      throw new OrdealError(
        'INVALID_INPUT',
        `the stream ${name} holds the subjects ${present.config.subjects.join(', ')}, not ${subject}`,
        { remedy: 'Remove or rename that stream; it was not made by Ordeal.' },
      );
    }
  }
}

/** For a catch: undefined where JetStream says that there is no such thing, else the error goes on. */
export function ifMissing(error: unknown): undefined {
  const isMissing = error instanceof Error && 'code' in error && String(error.code) === '404';
  if (!isMissing) throw error;
}

function configuration(name: string, subject: string): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects: [subject],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(keptMs[name] ?? dayMs),
    duplicate_window: nanos(duplicateWindowMs),
  };
}
