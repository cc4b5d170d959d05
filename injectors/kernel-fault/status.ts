import { z } from 'zod';

const phases = ['idle', 'armed', 'open', 'closed', 'ended'] as const;

const count = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));
/** An instant of CLOCK_BOOTTIME; the kernel writes 0 for what has not been. */
const instant = count.transform((ns) => (ns === 0n ? undefined : ns));

const linesSchema = z.object({
  phase: z.enum(phases),
  reason: z.string(),
  opened_ns: instant,
  closed_ns: instant,
  seen: count,
  effects: count,
  first_effect_ns: instant,
  last_effect_ns: instant,
});

/** What the kernel tells of one fault, in its own clock. */
export interface FaultStatus {
  readonly phase: (typeof phases)[number];
  /** Why its gate was shut; empty as long as it was not. */
  readonly reason: string;
  readonly openedNs: bigint | undefined;
  readonly closedNs: bigint | undefined;
  /** Transfers that were in scope while it was open, and those of them that it touched. */
  readonly seen: number;
  readonly effects: number;
  readonly firstEffectNs: bigint | undefined;
  readonly lastEffectNs: bigint | undefined;
  /** Every line by its name, as it was written: what only this kind of fault tells. */
  readonly lines: Readonly<Record<string, string>>;
}

/** Of the attribute `status`: a line "name: value" each. Throws where what is told by every fault is missing. */
export function parseStatus(text: string): FaultStatus {
  const lines = parseLines(text);
  const known = linesSchema.parse(lines);
  return {
    phase: known.phase,
    reason: known.reason,
    openedNs: known.opened_ns,
    closedNs: known.closed_ns,
    seen: Number(known.seen),
    effects: Number(known.effects),
    firstEffectNs: known.first_effect_ns,
    lastEffectNs: known.last_effect_ns,
    lines,
  };
}

export function parseLines(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const [, name, value] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value ?? '']];
  });
  return Object.fromEntries(pairs);
}
