import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';

/** As many processes as no machine schedules in a useful way; a container's own pids limit is mostly met long before. */
const mostBurners = 4_096;

const burners = z
  .int()
  .min(1)
  .max(mostBurners)
  .default(4)
  .describe(
    `How many processes burn CPU: 1 to ${mostBurners}. Fewer where the pids limit of the container leaves room for fewer; the effects say so.`,
  );

const load = z
  .string()
  .refine(
    (text) => percentOf(text) >= 1 && percentOf(text) <= 100,
    'must be a percentage from "1%" to "100%"',
  )
  .default('100%')
  .describe(
    'How much of one CPU each burner uses where it gets it: "1%" to "100%", with decimals. Below 100% it rests for the remainder.',
  );

const nice = z
  .int()
  .min(-20)
  .max(19)
  .default(0)
  .describe('The nice value of the burners: -20 (before everybody else) to 19 (after).');

const parameters = z.strictObject({ burners, load, nice });

export type CpuBurnParameters = z.infer<typeof parameters>;

export const cpuBurn: Descriptor<CpuBurnParameters> = {
  name: 'cpu-burn',
  summary:
    'Burns CPU by processes in the cgroups and namespaces of the container, or at the top of the host.',
  serves: [
    { cell: 'virtual.cpu.delay', targets: ['container', 'vm'], vmsMetFrom: ['outside'] },
    {
      cell: 'physical.cpu.delay',
      targets: ['host'],
      substituteBecause:
        "Its burners are processes of user space, where the fault model asks for threads of the kernel above every user's priority: real-time tasks come before them, and they are in sight of the host's process list.",
    },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'burner millisecond',
};

/** The share of one CPU that a burner is to use. */
export function loadOf({ load: text }: CpuBurnParameters): number {
  return percentOf(text) / 100;
}

function percentOf(text: string): number {
  return /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
}
