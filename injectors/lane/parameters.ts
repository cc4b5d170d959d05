import { z } from 'zod';
import { packetFilter } from '../packet-filter.ts';

const direction = z
  .enum(['out', 'in'])
  .default('out')
  .describe(
    'Which packets wait, seen from the target: "out" what it sends, "in" what it receives. "in" is only for a container whose interface has its other end in the network of its host.',
  );

const networkInterface = z
  .string()
  .regex(/^[^\s/:"*]{1,15}$/, 'must be the name of an interface, 1 to 15 characters')
  .optional()
  .describe(
    'Only for a container: the interface in it, by name (1 to 15 characters). By default its only one besides the loopback; where there are several it has to be named.',
  );

/** The parameters of every mechanism that works by a lane. */
export const laneParameters = { direction, interface: networkInterface, ...packetFilter };
