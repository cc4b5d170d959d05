import { z } from 'zod';

/** The parameter `disk` of what QEMU does to a disk of its machine. */
export const hostedDisk = z
  .string()
  .regex(/^[\w.#/[\]-]{1,128}$/, 'must be what QEMU calls a drive, a device or a block node')
  .optional()
  .describe(
    'Which disk of the machine: the id of its drive or device, or the name of its block node, as QEMU has it. By default its only one; where there are several it has to be named.',
  );
