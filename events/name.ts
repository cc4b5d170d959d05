import { z } from 'zod';

/** Names that become subject tokens, file names and kernel handles: nothing in them needs quoting anywhere. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower case letters, digits and dashes, 63 at most');

/** Who speaks beside the agents: a host that was called so would speak in their names. */
const otherProducers: readonly string[] = ['controller', 'metrics'];

export const hostNameSchema = nameSchema.refine(
  (name) => !otherProducers.includes(name),
  `none of ${otherProducers.join(', ')}, which are processes of Ordeal`,
);
