import type { z } from 'zod';

/** What is known of a load driver without starting it. */
export interface Driver<Options = unknown> {
  /** As campaign files and records say it. */
  readonly name: string;
  readonly summary: string;
  /** Strict. Parsing its own result again changes nothing, so that a plan may keep what was parsed. */
  readonly options: z.ZodType<Options>;
  /** How long after its intended send a request is given up. Takes options that the schema accepts; throws on others. */
  readonly timeoutUs: (options: unknown) => number;
  /** The module that is the driver's process: a path from this folder, without extension. */
  readonly program: string;
}
