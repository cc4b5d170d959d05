import { z } from 'zod';

/** The parameter `interface` of every mechanism that acts on one. */
export const networkInterface = z
  .string()
  .regex(/^[^\s/:"*]{1,15}$/, 'must be the name of an interface, 1 to 15 characters')
  .optional()
  .describe(
    'Only for a container or a virtual machine: the interface in it, by name (1 to 15 characters). By default its only one besides the loopback, of a virtual machine its only NIC that is not protected; where there are several it has to be named. Of a machine that is met from outside, its tap on the host.',
  );
