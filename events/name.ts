import { z } from 'zod';

/** Names that become subject tokens, file names and kernel handles: nothing in them needs quoting anywhere. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower case letters, digits and dashes, 63 at most');
