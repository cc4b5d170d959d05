import { z } from 'zod';
import type { Driver } from '../../../workload/driver.ts';

export const echoOptions = z.strictObject({
  port: z.int().min(1).max(65_535).describe('The TCP port of the echo server on this host.'),
  perSecond: z.number().positive().max(10_000).default(100).describe('Requests a second.'),
  timeoutMs: z.int().positive().max(60_000).default(1000).describe('Milliseconds from an intended send.'),
});

export type EchoOptions = z.infer<typeof echoOptions>;

/** A workload by the words of the document: lines to a server that shall say the same lines. */
export const echoDriver: Driver<EchoOptions> = {
  name: 'echo',
  summary: 'Sends a line over a connection of its own for each request, and wants the same line back.',
  options: echoOptions,
  timeoutUs: (options) => echoOptions.parse(options).timeoutMs * 1000,
  program: '../test/integration/echo-load/main',
};
