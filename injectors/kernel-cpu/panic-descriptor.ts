import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';

const longestSeconds = 3_600;

const meant = z
  .boolean()
  .default(false)
  .describe('Has to be true: a panic ends all that runs on the host and cannot be reverted.');

const reboot = z
  .string()
  .refine(
    (text) => text === 'never' || text === 'at once' || secondsOf(text) !== undefined,
    'must be "never", "at once" or whole seconds from "1s" to "3600s"',
  )
  .default('at once')
  .describe(
    'What follows: the kernel reboots "at once", after whole seconds ("1s" to "3600s"), or "never". Where a crash kernel is loaded, that one decides.',
  );

const parameters = z.strictObject({ meant, reboot });

export type KernelPanicParameters = z.infer<typeof parameters>;

export const kernelPanic = kernelDescriptor<KernelPanicParameters>({
  name: 'kernel-panic',
  summary: 'Crashes the kernel of the host, with a reboot policy that is declared.',
  serves: 'cpu.unavailability',
  on: ['host', 'vm'],
  modes: ['permanent'],
  parameters,
  oneShot: true,
  crashesHost: true,
  // Whoever has to start the host that reboots by itself never gets no more time for it than a host that does.
  rebootsAfterUs: ({ reboot: policy }) => (secondsOf(policy) ?? 0) * 1_000_000,
  effectUnit: 'crash',
});

/** Undefined where it is no such time. */
export function secondsOf(text: string): number | undefined {
  const seconds = (parseDurationUs(text) ?? 0) / 1_000_000;
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= longestSeconds ? seconds : undefined;
}
