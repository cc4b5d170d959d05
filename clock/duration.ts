const unitsUs = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;

export const durationForm = 'a number with a unit of us, ms, s, m or h, such as "500ms" or "1.5s"';

/** Microseconds, or undefined where the text is no duration: a number without a unit is none. */
export function parseDurationUs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)$/.exec(text);
  const [, number, unit] = match ?? [];
  if (number === undefined || unit === undefined) return undefined;
  return Math.round(Number(number) * unitsUs[unit as keyof typeof unitsUs]);
}

/** The shortest exact way to write a duration. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s';
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    if (us >= unitsUs[unit] && us % unitsUs[unit] === 0) return `${us / unitsUs[unit]}${unit}`;
  }
  return us >= unitsUs.s ? `${us / unitsUs.s}s` : us >= unitsUs.ms ? `${us / unitsUs.ms}ms` : `${us}us`;
}
