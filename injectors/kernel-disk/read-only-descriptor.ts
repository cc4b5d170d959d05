import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { commandParameters } from './parameters.ts';

const parameters = z.strictObject(commandParameters);

export type KernelDiskReadOnlyParameters = z.infer<typeof parameters>;

export const kernelDiskReadOnly = kernelDescriptor<KernelDiskReadOnlyParameters>({
  name: 'kernel-disk-read-only',
  summary: 'Answers the writes to a SCSI disk as one that is protected against them; reads go on.',
  serves: 'storage.unavailability',
  on: ['disk', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'command',
});
