import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { commandParameters, directionParameter, durationParameter } from './parameters.ts';

const delay = durationParameter({ leastUs: 1, usual: '100ms', what: 'How long each command is held back' });
const jitter = durationParameter({
  leastUs: 0,
  usual: '0ms',
  what: 'How much the delay varies to either side, evenly and by the seed, and not above the delay',
});

const timeouts = z
  .enum(['avoided', 'provoked'])
  .default('avoided')
  .describe(
    'What becomes of a delay beyond the disk\'s own time limit (30 s usually): "avoided" by holding the command for less, or "provoked", and with it the kernel\'s error handling.',
  );

const heldLimit = z
  .int()
  .min(1)
  .max(65_536)
  .default(1_024)
  .describe(
    'How many commands may be held at a time, 1 to 65536; what comes on top passes, and the effects say so.',
  );

const parameters = z
  .strictObject({ delay, jitter, direction: directionParameter, timeouts, heldLimit, ...commandParameters })
  .refine((given) => (parseDurationUs(given.jitter) ?? 0) <= (parseDurationUs(given.delay) ?? 0), {
    path: ['jitter'],
    message: 'is more than the delay',
  });

export type KernelDiskDelayParameters = z.infer<typeof parameters>;

export const kernelDiskDelay = kernelDescriptor<KernelDiskDelayParameters>({
  name: 'kernel-disk-delay',
  summary:
    'Holds commands to a SCSI disk back before the driver; those that are held when the fault ends go at once, in their order.',
  serves: 'storage.delay',
  on: ['disk', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'command',
});
