import { z } from 'zod';
import { networkInterface } from '../network-interface.ts';
import { packetFilter } from '../packet-filter.ts';

const direction = z
  .enum(['out', 'in'])
  .default('out')
  .describe(
    'Which packets wait, seen from the target: "out" what it sends, "in" what it receives. "in" is only for a container whose interface has its other end in the network of its host.',
  );

/** The parameters of every mechanism that works by a lane. */
export const laneParameters = { direction, interface: networkInterface, ...packetFilter };
