import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';

const meanings = {
  timer: '"timer" an interrupt every so often, on each processor',
  syscall: '"syscall" the entry of a system call',
  address: '"address" an instruction of a file is executed',
  function: '"function" one of the kernel is',
  instructions: '"instructions" so many were executed, which needs a performance counter',
} as const;

type TriggerKind = keyof typeof meanings;

/** The parameter that says what leads to a fault: one of those triggers that it has, the first unless told. */
export function triggerParameter<const Kind extends TriggerKind>(
  what: string,
  kinds: readonly [Kind, ...Kind[]],
) {
  return z
    .enum(kinds)
    .default(kinds[0])
    .describe(`What leads to ${what}: ${kinds.map((kind) => meanings[kind]).join('; ')}.`);
}

const shortestUs = 100;
const longestUs = 10_000_000;

/** What each of the triggers needs, and how often it may come to something. */
export const triggerParameters = {
  every: z
    .string()
    .refine((text) => {
      const us = parseDurationUs(text) ?? -1;
      return us >= shortestUs && us <= longestUs;
    }, 'must be a duration from "100us" to "10s"')
    .default('10ms')
    .describe('How often the timer of each processor interrupts: "100us" to "10s".'),
  file: z
    .string()
    .regex(/^\/[^\p{Cc}]{0,254}$/u, 'must be an absolute path of at most 255 characters')
    .optional()
    .describe('Of the trigger "address": the path of the program or library that has the instruction.'),
  offset: z
    .int()
    .min(0)
    .optional()
    .describe('Of the trigger "address": where in that file the instruction is, in bytes.'),
  instructions: z
    .int()
    .min(1_000)
    .optional()
    .describe('Of the trigger "instructions": after so many of them, from 1000 on.'),
};

/** What each trigger cannot do without. */
const needed = [
  ['address', 'file'],
  ['address', 'offset'],
  ['function', 'function'],
  ['instructions', 'instructions'],
] as const;

export interface Trigger {
  readonly trigger: TriggerKind;
  readonly every: string;
  readonly file?: string | undefined;
  readonly offset?: number | undefined;
  readonly function?: string | undefined;
  readonly instructions?: number | undefined;
}

/** The parameters that a trigger lacks, each with what is wrong. */
export function lackingIn(given: Trigger): { readonly path: string; readonly message: string }[] {
  return needed
    .filter(([by, name]) => given.trigger === by && given[name] === undefined)
    .map(([by, name]) => ({ path: name, message: `is not given; the trigger "${by}" needs it` }));
}
