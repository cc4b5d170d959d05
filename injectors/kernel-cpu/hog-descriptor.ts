import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { cpusParameter } from './processors.ts';

const load = z
  .string()
  .regex(/^([1-9]\d?|100)%$/, 'must be a whole percentage from "1%" to "100%"')
  .default('100%')
  .describe(
    'How much of each processor is taken in a period: "1%" to "100%". The kernel keeps about 5% from real-time threads; the effects say what was reached.',
  );

const shortestUs = 1_000;
const longestUs = 1_000_000;

const period = z
  .string()
  .refine((text) => {
    const us = parseDurationUs(text) ?? -1;
    return us >= shortestUs && us <= longestUs;
  }, 'must be a duration from "1ms" to "1s"')
  .default('100ms')
  .describe('The period of which that share is taken, as a duration with its unit: "1ms" to "1s".');

const schedulingClass = z
  .enum(['fifo', 'fair'])
  .default('fifo')
  .describe(
    'Whom it comes before: "fifo" all programs but those of a higher real-time priority; "fair" it is one program among the others.',
  );

const priority = z
  .int()
  .min(1)
  .max(99)
  .default(50)
  .describe('Its real-time priority, 1 to 99, where it is "fifo"; Linux 5.10 gives 1 and 50 only.');

const parameters = z.strictObject({
  load,
  period,
  cpus: cpusParameter('all that are on'),
  class: schedulingClass,
  priority,
});

export type KernelCpuHogParameters = z.infer<typeof parameters>;

export const kernelCpuHog = kernelDescriptor<KernelCpuHogParameters>({
  name: 'kernel-cpu-hog',
  summary:
    "Takes a share of processors by threads of the kernel above every user's priority; what they got is measured.",
  serves: 'cpu.delay',
  on: ['host', 'vm'],
  parameters,
  effectUnit: 'period of a processor',
});
