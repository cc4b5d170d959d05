import { parseDurationUs } from '../../clock/duration.ts';
import type { Attributes } from '../kernel-fault/injector.ts';
import type { PacketFilter } from '../packet-filter.ts';
import type { KernelNetCorruptParameters } from './corrupt-descriptor.ts';
import type { KernelNetDelayParameters } from './delay-descriptor.ts';
import type { KernelNetDuplicateParameters } from './duplicate-descriptor.ts';
import type { KernelNetReorderParameters } from './reorder-descriptor.ts';

/** What is done to a frame that was chosen, in the words of the module. */
export const attributesOf = {
  drop: (): Attributes => ({ effect: 'drop' }),
  delay: ({ delay, jitter, heldLimit }: KernelNetDelayParameters): Attributes => ({
    effect: 'delay',
    delay_us: parseDurationUs(delay) ?? 0,
    jitter_us: parseDurationUs(jitter) ?? 0,
    held_limit: heldLimit,
  }),
  corrupt: ({ bits, part, checksum }: KernelNetCorruptParameters): Attributes => ({
    effect: 'corrupt',
    bits,
    part,
    checksum,
  }),
  duplicate: ({ copies }: KernelNetDuplicateParameters): Attributes => ({ effect: 'duplicate', copies }),
  reorder: ({ gap, hold, heldLimit }: KernelNetReorderParameters): Attributes => ({
    effect: 'reorder',
    gap,
    hold_us: parseDurationUs(hold) ?? 0,
    held_limit: heldLimit,
  }),
};

/** Which frames it is about, in the words of the module: what is not named there is any. */
export function filterAttributes({ protocol, ports = [], addresses = [] }: PacketFilter): Attributes {
  return { protocol: protocol ?? 'any', ports: ports.join(' '), addresses: addresses.join(' ') };
}
