import { z } from 'zod';

/** As many as a disk of 512 PiB has: numbers of them stay exact. */
const most = 2 ** 50;

/** Sectors of 512 bytes, the first and the last included. */
export interface Sectors {
  readonly first: number;
  readonly last: number;
}

/** The parameter `sectors` of every mechanism that acts on a part of a disk. */
export const sectors = z
  .string()
  .refine(
    (text) => parseSectors(text) !== undefined,
    'must be a sector (2048) or a range of them (2048-4095), counted from 0',
  )
  .optional()
  .describe(
    'Only these sectors of 512 bytes, counted from 0 at the start of the disk: one (2048) or a range, both ends included (2048-4095). A transfer that has any of them is touched. By default all.',
  );

/** Undefined where the text names none. */
export function parseSectors(text: string): Sectors | undefined {
  const [, from, to = from] = /^(\d{1,16})(?:-(\d{1,16}))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  const range = { first: Number(from), last: Number(to) };
  return range.first <= range.last && range.last < most ? range : undefined;
}
