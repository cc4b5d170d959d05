import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Descriptor } from '../descriptor.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { laneHandles } from '../lane/handles.ts';
import { Lane, type LaneParameters } from '../lane/lane.ts';
import { placeOf } from '../lane/place.ts';
import type { LaneName, Leaf } from '../lane/queue.ts';
import { laneSupport } from '../lane/support.ts';
import { instantsOf, parseCounted } from '../nft-drop/read-back.ts';
import { refusalOf, shareOf } from '../nft-drop/ruleset.ts';
import type { Target } from '../target.ts';
import { netemCorrupt } from './corrupt-descriptor.ts';
import { netemDelay } from './delay-descriptor.ts';
import { corruptingLeaf, delayingLeaf, longestStayMs, unlikeEmulation } from './emulation.ts';

const memorySchema = z.object({
  netns: z.number(),
  ifindex: z.number(),
  direction: z.enum(['in', 'out']),
  words: z.string(),
  stayMs: z.number(),
});

/** What a busy machine may take beyond the time that a packet stays. */
const graceMs = 500;

type NetemParameters = LaneParameters & { readonly interface?: string | undefined };

interface Emulation<Parameters> {
  readonly mechanism: LaneName['mechanism'];
  readonly descriptor: Descriptor<Parameters>;
  readonly leafOf: (parameters: Parameters) => Leaf;
  readonly stayMs: (parameters: Parameters) => number;
}

/** What the kernel's network emulator does to the packets in a lane. */
class NetemInjector<Parameters extends NetemParameters> implements Injector<Parameters> {
  readonly descriptor: Descriptor<Parameters>;
  readonly #emulation: Emulation<Parameters>;

  constructor(emulation: Emulation<Parameters>) {
    this.descriptor = emulation.descriptor;
    this.#emulation = emulation;
  }

  async supported(): Promise<Support> {
    return await laneSupport({ kind: 'netem', words: 'delay 1ms' });
  }

  async capture(injection: Injection<Parameters>): Promise<Memory> {
    const refusal = refusalOf(injection.mode);
    if (refusal !== undefined) throw new OrdealError('INVALID_INPUT', refusal);
    const { parameters } = injection;
    const memory = {
      ...(await placeOf(injection)),
      direction: parameters.direction,
      words: this.#emulation.leafOf(parameters).words,
      stayMs: this.#emulation.stayMs(parameters),
    };
    await this.#laneOf(injection, memory).check();
    return memory;
  }

  async apply(injection: Injection<Parameters>, memory: Memory): Promise<void> {
    await this.#laneOf(injection, memory).lay();
  }

  async revert(injection: Injection<Parameters>, memory: Memory): Promise<Reverted> {
    const lane = this.#laneOf(injection, memory);
    const offUs = await lane.drain(memorySchema.parse(memory).stayMs + graceMs);
    const effects = await this.effects(injection, memory);
    await lane.remove();
    return { ...effects, offUs };
  }

  async effects(injection: Injection<Parameters>, memory: Memory): Promise<Effects> {
    const reading = await this.#laneOf(injection, memory).table.reading();
    if (reading === undefined) return { count: 'unknown' };
    const counted = parseCounted(reading.text);
    const { seen, dropped: touched } = counted;
    const dose = { unit: 'share of packets', asked: shareOf(injection.mode), achieved: touched / seen };
    return { count: touched, ...instantsOf(counted, reading.atUs), ...(seen === 0 ? {} : { dose }) };
  }

  async verify(
    injection: Injection<Parameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const lane = this.#laneOf(injection, memory);
    const { words } = memorySchema.parse(memory);
    const found =
      expected === 'reverted'
        ? await lane.remains()
        : await lane.missing((leaf) => unlikeEmulation(words, leaf));
    return found === undefined ? { holds: true } : { holds: false, found };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await laneHandles(this.#emulation.mechanism, targets);
  }

  #laneOf(injection: Injection<Parameters>, memory: Memory): Lane {
    const { words, direction, ...place } = memorySchema.parse(memory);
    const parameters = { ...injection.parameters, direction };
    const { mechanism } = this.#emulation;
    return new Lane(mechanism, { ...injection, parameters }, place, { kind: 'netem', words });
  }
}

export function netemInjectors(): readonly Injector[] {
  return [
    new NetemInjector({
      mechanism: 'netem-delay',
      descriptor: netemDelay,
      leafOf: delayingLeaf,
      stayMs: longestStayMs,
    }),
    new NetemInjector({
      mechanism: 'netem-corrupt',
      descriptor: netemCorrupt,
      leafOf: corruptingLeaf,
      stayMs: () => 0,
    }),
  ];
}
