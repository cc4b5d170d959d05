import { z } from 'zod';

/** Whose tasks a fault meets, of all of a host or of a container. */
export const scopeParameters = {
  scope: z
    .enum(['cgroup', 'pid namespace'])
    .default('cgroup')
    .describe('Of a container: what its processes are told by, its cgroup or its pid namespace.'),
  process: z
    .string()
    .regex(/^[^/\p{Cc}]{1,255}$/u, 'a name without slashes, of 1 to 255 characters')
    .optional()
    .describe(
      'Only the process of this name, on the host or in the container: as the kernel has it (ps -o comm) or as the file of the program has it. By default all of them.',
    ),
};

export type Scope = Readonly<z.infer<z.ZodObject<typeof scopeParameters>>>;
