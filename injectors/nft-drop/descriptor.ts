import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { networkInterface } from '../network-interface.ts';
import { filterMakesSense, packetFilter, senselessFilter } from '../packet-filter.ts';

const substituteBecause =
  "It drops packets at nftables' hooks just before and after the driver, where the fault model asks for the driver's own transmit function: what bypasses these hooks (AF_XDP, DPDK, SR-IOV) is not touched, and a segment that the card would split is dropped as one packet.";

const direction = z
  .enum(['in', 'out', 'both'])
  .default('both')
  .describe(
    'What is dropped, seen from the interface: "in" what it receives, "out" what it sends, "both". "out" and "both" need a kernel of 5.16 or later.',
  );

const parameters = z
  .strictObject({ direction, interface: networkInterface, ...packetFilter })
  .refine(filterMakesSense, senselessFilter);

export type NftDropParameters = z.infer<typeof parameters>;

export const nftDrop: Descriptor<NftDropParameters> = {
  name: 'nft-drop',
  summary:
    'Drops packets of one network interface: all of them, those of a protocol, port or address, or a share that the seed chooses.',
  serves: [
    { cell: 'physical.network.unavailability', targets: ['nic'], substituteBecause },
    { cell: 'virtual.network.unavailability', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent', 'probabilistic', 'oneIn'],
  parameters,
  oneShot: false,
  kernelHolds: 'deadline',
  effectUnit: 'packet',
};
