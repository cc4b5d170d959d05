import { z } from 'zod';
import { qemuDescriptor } from './qemu-descriptor.ts';

const network = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be the id of a network of the machine, 1 to 64 characters')
  .optional()
  .describe(
    'Which NIC of the machine: the id of its network, as its QEMU has it (-netdev ..,id=). By default its only one; where there are several it has to be named.',
  );

const parameters = z.strictObject({ network });

export type VmLinkDownParameters = z.infer<typeof parameters>;

export const vmLinkDown = qemuDescriptor<VmLinkDownParameters>({
  name: 'vm-link-down',
  summary: 'Takes the link of a NIC of a virtual machine down by its QEMU, as if the cable were pulled.',
  serves: 'virtual.network.unavailability',
  parameters,
  effectUnit: 'link',
});
