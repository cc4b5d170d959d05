import { z } from 'zod';

const field = z.string().optional().catch(undefined);

const entrySchema = z.looseObject({
  /** What is not printable comes as its bytes; what is too long, as null. */
  MESSAGE: z.union([z.string(), z.array(z.int().min(0).max(255)), z.null()]).optional(),
  __MONOTONIC_TIMESTAMP: z.string().regex(/^\d+$/),
  SYSLOG_IDENTIFIER: field,
  _SYSTEMD_UNIT: field,
  UNIT: field,
});

export interface JournalEntry {
  /** As journalctl shows it: who says it, and what. */
  readonly bytes: Uint8Array;
  /** When the journal took it, by the monotonic clock. */
  readonly monoUs: number;
  /** Whether a unit of Ordeal's own says it, or systemd says it of one. */
  readonly isOwn: boolean;
}

/** One line of `journalctl --output=json`; undefined where it is none, or holds no message. */
export function journalEntryIn(line: string): JournalEntry | undefined {
  const parsed = entrySchema.safeParse(jsonIn(line));
  if (!parsed.success) return undefined;
  const { MESSAGE: message, SYSLOG_IDENTIFIER: who, _SYSTEMD_UNIT: by, UNIT: of, ...rest } = parsed.data;
  if (message === undefined || message === null) return undefined;
  const said = typeof message === 'string' ? Buffer.from(message) : Buffer.from(message);
  return {
    bytes: who === undefined ? said : Buffer.concat([Buffer.from(`${who}: `), said]),
    monoUs: Number(rest.__MONOTONIC_TIMESTAMP),
    isOwn: [by, of].some((unit) => unit !== undefined && /^ordeal\b/.test(unit)),
  };
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
