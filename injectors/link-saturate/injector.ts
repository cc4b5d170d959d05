import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { laneHandles } from '../lane/handles.ts';
import { Lane } from '../lane/lane.ts';
import { linkAt, placeOf } from '../lane/place.ts';
import { QueueWatch } from '../lane/queue-watch.ts';
import { laneSupport } from '../lane/support.ts';
import { pathOfNamespace } from '../network-namespace.ts';
import type { Target } from '../target.ts';
import { leafOf, openedLeafOf, tooNarrowFor, unlikeBucket } from './bucket.ts';
import { bucketOf, linkSaturate, type LinkSaturateParameters } from './descriptor.ts';

const memorySchema = z.object({
  netns: z.number(),
  ifindex: z.number(),
  direction: z.enum(['in', 'out']),
  bitsPerSecond: z.number(),
  burstBytes: z.number(),
  waitUs: z.number(),
});

/** All that can wait is let go at full speed: what has not left then is on a link that is down. */
const drainWithinMs = 1_000;

export class LinkSaturateInjector implements Injector<LinkSaturateParameters> {
  readonly descriptor = linkSaturate;
  readonly #watches = new Map<string, QueueWatch>();

  async supported(): Promise<Support> {
    return await laneSupport({ kind: 'tbf', words: 'rate 1mbit burst 70000b latency 1ms' });
  }

  async capture(injection: Injection<LinkSaturateParameters>): Promise<Memory> {
    const place = await placeOf(injection);
    const bucket = bucketOf(injection.parameters);
    const narrow = tooNarrowFor(bucket, (await linkAt(place))?.mtu ?? 0);
    if (narrow !== undefined) throw new OrdealError('INVALID_INPUT', narrow);
    const memory = { ...place, ...bucket, direction: injection.parameters.direction };
    await laneOf(injection, memory).check();
    return memory;
  }

  async apply(injection: Injection<LinkSaturateParameters>, memory: Memory): Promise<void> {
    const lane = laneOf(injection, memory);
    await lane.lay();
    if (this.#watches.has(injection.id)) return;
    const question = await lane.question();
    const namespace = await pathOfNamespace(memorySchema.parse(memory).netns);
    if (question === undefined || namespace === undefined) return;
    const leafOf = (json: string) => lane.leafOf(json);
    this.#watches.set(injection.id, new QueueWatch({ namespace, question, leafOf }));
  }

  async revert(injection: Injection<LinkSaturateParameters>, memory: Memory): Promise<Reverted> {
    const lane = laneOf(injection, memory);
    const before = await this.effects(injection, memory);
    const offUs = await lane.drain(drainWithinMs, openedLeafOf(memorySchema.parse(memory)));
    this.#watches.get(injection.id)?.stop();
    this.#watches.delete(injection.id);
    await lane.remove();
    return { ...before, offUs };
  }

  async effects(injection: Injection<LinkSaturateParameters>, memory: Memory): Promise<Effects> {
    const leaf = await laneOf(injection, memory).leaf();
    if (leaf === undefined) return { count: 'unknown' };
    const watch = this.#watches.get(injection.id);
    const achieved = watch?.bitsPerSecondWhenFull;
    const { bitsPerSecond: asked } = memorySchema.parse(memory);
    return {
      count: leaf.overlimits,
      ...(leaf.overlimits === 0 ? {} : watch?.stamps),
      ...(achieved === undefined ? {} : { dose: { unit: 'bit/s', asked, achieved } }),
    };
  }

  async verify(
    injection: Injection<LinkSaturateParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const lane = laneOf(injection, memory);
    const found =
      expected === 'reverted'
        ? await lane.remains()
        : await lane.missing((leaf) => unlikeBucket(memorySchema.parse(memory), leaf));
    return found === undefined ? { holds: true } : { holds: false, found };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await laneHandles('link-saturate', targets);
  }
}

/** By what was captured, so that also the parameters of another version of Ordeal, from a journal, are taken away. */
function laneOf(injection: Injection<LinkSaturateParameters>, memory: Memory): Lane {
  const captured = memorySchema.parse(memory);
  const parameters = { ...injection.parameters, direction: captured.direction };
  return new Lane('link-saturate', { ...injection, parameters }, captured, leafOf(captured));
}
