import { z } from 'zod';
import type { WatchPlan, WatchSource } from './plan.ts';
import { argv, duration, hostPattern, name, onlyGiven } from './values.ts';

const fileForm = 'must be an absolute path, without a NUL character';
const unitForm =
  'must be the name of a unit of systemd, such as "docker.service"; * stands for any characters';

/** One key a source; exactly one of them is given. */
const sources = {
  log: z
    .strictObject({
      file: z
        .string({ error: fileForm })
        .regex(/^\/[^\0]{1,4000}$/, fileForm)
        .describe('its path; it need not be there yet, and may be rotated'),
    })
    .describe('a log file'),
  kernel: z.strictObject({}).describe('the log of the kernel; {}'),
  command: z
    .strictObject({
      run: argv.describe('a program and its arguments; no shell reads them'),
      every: duration.prefault('2s').describe('the pause from one run to the next; default: 2s'),
    })
    .describe(
      'a command that tells a state: it is run again and again, and of what it prints the lines that are new are taken',
    ),
  journal: z
    .strictObject({
      units: z
        .array(z.string({ error: unitForm }).regex(/^[\w:.@\\*-]{1,255}$/, unitForm), {
          error: 'must be a list of units',
        })
        .min(1, 'must name a unit')
        .max(100, 'must hold 100 units at most')
        .describe('the units whose entries are read'),
    })
    .describe("systemd's journal"),
};

export const watch = z
  .strictObject({
    name: name.describe('what rules call it'),
    host: hostPattern.describe('the host that is watched; a pattern has to match exactly one'),
    log: sources.log.optional(),
    kernel: sources.kernel.optional(),
    command: sources.command.optional(),
    journal: sources.journal.optional(),
  })
  .transform((given, context): WatchPlan => {
    const { name, host, ...from } = given;
    const source = onlyGiven<unknown>(from) === undefined ? undefined : sourceOf(from);
    if (source !== undefined) return { name, host, source };
    context.addIssue({
      code: 'custom',
      message: `must hold exactly one source: ${Object.keys(sources).join(', ')}`,
    });
    return z.NEVER;
  });

type Sources = { readonly [Key in keyof typeof sources]?: z.output<(typeof sources)[Key]> | undefined };

function sourceOf({ log, kernel, command, journal }: Sources): WatchSource | undefined {
  if (log !== undefined) return { kind: 'log', file: log.file };
  if (kernel !== undefined) return { kind: 'kernel' };
  if (command !== undefined) return { kind: 'command', argv: command.run, everyUs: command.every };
  return journal && { kind: 'journal', units: journal.units };
}
