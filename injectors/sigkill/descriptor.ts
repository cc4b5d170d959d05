import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';

const parameters = z.strictObject({
  process: z
    .string()
    .regex(/^[^/\p{Cc}]{1,255}$/u, 'a name without slashes, of 1 to 255 characters')
    .optional()
    .describe(
      'Only the processes of this name: as the kernel has it (ps -o comm, 15 characters at most) or as the file of the program has it. By default the init of the container; a host needs a name.',
    ),
});

export type SigkillParameters = z.infer<typeof parameters>;

export const sigkill: Descriptor<SigkillParameters> = {
  name: 'sigkill',
  summary:
    "Kills with SIGKILL the container's init, and so all that runs in it, or the processes of a name, in a container or on the host.",
  serves: [
    { cell: 'virtual.cpu.unavailability', targets: ['container'] },
    {
      cell: 'physical.cpu.unavailability',
      targets: ['host'],
      substituteBecause:
        'it takes some processes of a host away, not its CPUs: the fault model asks for a CPU that is disabled or a node that crashes',
    },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: true,
  kernelHolds: 'nothing',
  effectUnit: 'process',
};
