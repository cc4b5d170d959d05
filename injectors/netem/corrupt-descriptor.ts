import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { laneParameters } from '../lane/parameters.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';

const substituteBecause =
  'It changes packets in a queue of the interface (netem), where the fault model asks for frames corrupted by a module: what bypasses that queue (AF_XDP, DPDK, SR-IOV) is not touched, a checksum that the card works out afterwards hides the error, and which bit is flipped is drawn by random numbers of the kernel, which have no seed.';

const how = z
  .enum(['flip', 'duplicate'])
  .default('flip')
  .describe(
    'What is done to a packet: "flip" changes one bit of it, "duplicate" sends it twice. The mode says to which packets.',
  );

const parameters = z.strictObject({ how, ...laneParameters }).refine(filterMakesSense, senselessFilter);

export type NetemCorruptParameters = z.infer<typeof parameters>;

export const netemCorrupt: Descriptor<NetemCorruptParameters> = {
  name: 'netem-corrupt',
  summary: 'Flips a bit of packets of one direction of an interface, or sends them twice.',
  serves: [
    { cell: 'physical.network.corruption', targets: ['nic'], substituteBecause },
    { cell: 'virtual.network.corruption', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent', 'probabilistic', 'oneIn'],
  parameters,
  oneShot: false,
  kernelHolds: 'deadline',
  effectUnit: 'packet',
};
