import { z } from 'zod';
import { name, share, wholeNumber } from '../values.ts';
import { builtIn, builtIns } from './built-in.ts';
import type { PolicyPlan } from './policy.ts';

const expression = z
  .string({ error: 'must be an expression, in quotes' })
  .min(1, 'must not be empty')
  .max(1000, 'must hold 1000 characters at most');

const forms = 'must hold exactly one of policy, filter and cluster';

/** One way to leave trials out; whether its expressions can be read is for check.ts. */
export const policy = z
  .strictObject({
    policy: z
      .enum(builtIns, { error: `must be ${builtIns.join(', ')}` })
      .optional()
      .describe('one that is built in'),
    name: name.optional().describe('what the results call it; default: the name of the one that is built in'),
    filter: expression.optional().describe('leaves out every trial of which it is true'),
    cluster: expression
      .optional()
      .describe('what trials have in common that are equivalent; expressions with commas between them'),
    where: expression.optional().describe('of which trials the cluster is; default: of all with a fault'),
    keep: wholeNumber(1, 1000)
      .optional()
      .describe('how many of those that are equivalent are run; default: 1'),
    below: share.optional().describe('the likelihood below which `unlikely` leaves a combination out'),
  })
  .transform((given, context): PolicyPlan => {
    const { policy: chosen, filter, cluster, where, keep = 1, below } = given;
    const refuse = (message: string, path: string[] = []): never => {
      context.addIssue({ code: 'custom', message, path });
      return z.NEVER;
    };
    const [only, ...more] = [chosen, filter, cluster].filter((one) => one !== undefined);
    if (only === undefined || more.length > 0) return refuse(forms);
    const called = given.name ?? chosen;
    if (called === undefined) return refuse('needs a name, by which the results call it');
    const isCluster = cluster !== undefined || chosen === 'same-outcome' || chosen === 'same-recovery';
    if (given.keep !== undefined && !isCluster) return refuse('is only of a cluster', ['keep']);
    if (where !== undefined && cluster === undefined) return refuse('is only of a cluster', ['where']);
    if (chosen === 'unlikely' && below === undefined)
      return refuse('needs below, a likelihood such as "0.01%": unlikely is what is less likely');
    if (chosen !== 'unlikely' && below !== undefined)
      return refuse('is only of the policy unlikely', ['below']);
    if (filter !== undefined) return { kind: 'filter', name: called, filter };
    if (cluster !== undefined)
      return { kind: 'cluster', name: called, by: cluster, of: where ?? 'faults > 0', keep };
    return chosen === undefined ? refuse(forms) : builtIn(chosen, called, keep, below ?? 0);
  });
