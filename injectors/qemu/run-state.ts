import { z } from 'zod';
import type { Monitor } from './monitor.ts';

const statusSchema = z.object({ status: z.string(), running: z.boolean() });

/** What QEMU says of its machine: "running", "paused", "shutdown" and so on. */
export async function runStateOf(monitor: Monitor): Promise<string> {
  return statusSchema.parse(await monitor.ask('query-status')).status;
}
