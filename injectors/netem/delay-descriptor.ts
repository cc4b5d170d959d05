import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import type { Descriptor } from '../descriptor.ts';
import { laneParameters } from '../lane/parameters.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';

const substituteBecause =
  'It holds packets back in a queue of the interface (netem), where the fault model asks for frames delayed by a module before the driver: what bypasses that queue (AF_XDP, DPDK, SR-IOV) is not touched, and the jitter is drawn by random numbers of the kernel, which have no seed.';

/** The fault model's own limit; a packet that waits longer is none that its sender still waits for. */
const longestUs = 10_000_000;

const delay = z
  .string()
  .refine((text) => isBetween(text, 1), 'must be a duration from "1us" to "10s"')
  .default('100ms')
  .describe('How long each packet is held back, as a duration with its unit: "1us" to "10s".');

const jitter = z
  .string()
  .refine((text) => isBetween(text, 0), 'must be a duration from "0ms" to "10s"')
  .default('0ms')
  .describe(
    'How much the delay varies to either side, evenly, as a duration with its unit: "0ms" to "10s", and not above the delay. Packets whose delays cross arrive in another order.',
  );

const parameters = z
  .strictObject({ delay, jitter, ...laneParameters })
  .refine(filterMakesSense, senselessFilter)
  .refine((given) => (parseDurationUs(given.jitter) ?? 0) <= (parseDurationUs(given.delay) ?? 0), {
    path: ['jitter'],
    message: 'is more than the delay',
  });

export type NetemDelayParameters = z.infer<typeof parameters>;

export const netemDelay: Descriptor<NetemDelayParameters> = {
  name: 'netem-delay',
  summary:
    'Holds packets of one direction of an interface back for a time; where only a share of them is held back, the others overtake them.',
  serves: [
    { cell: 'physical.network.delay', targets: ['nic'], substituteBecause },
    { cell: 'virtual.network.delay', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent', 'probabilistic', 'oneIn'],
  parameters,
  oneShot: false,
  kernelHolds: 'deadline',
  effectUnit: 'packet',
};

function isBetween(text: string, leastUs: number): boolean {
  const us = parseDurationUs(text) ?? -1;
  return us >= leastUs && us <= longestUs;
}
