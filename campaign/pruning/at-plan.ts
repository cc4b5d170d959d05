import { faultsOf } from '../faults-of.ts';
import type { Plan, Pruned, TrialPlan } from '../plan.ts';
import { blocksToRun } from '../sequential/blocks.ts';
import { factsOf } from './facts-of.ts';
import { Knowledge } from './knowledge.ts';
import { policyOf } from './policy.ts';
import { treatmentOf } from './pruner.ts';

/** Open: what the trials before it show will decide. */
export type Fate = 'runs' | 'open' | Pruned;

/**
 * What is certain before any trial has run. A filter can leave a trial out already; a cluster cannot, because nobody knows yet whether the trial that
 * is to stand for the others will show anything.
 */
export function fatesAtPlan(
  trials: readonly TrialPlan[],
  { prune = [], until }: Pick<Plan, 'prune' | 'until'>,
): readonly Fate[] {
  const policies = prune.map(policyOf);
  const blocks = blocksToRun(trials);
  const nothing = new Knowledge();
  const seen = new Map<string, Set<string>>();
  return trials.map((trial, place): Fate => {
    const isSure = until === undefined || (blocks[place] ?? 0) <= until.atLeast;
    if (faultsOf(trial).length === 0) return isSure ? 'runs' : 'open';
    const facts = factsOf(trial, nothing);
    const treatment = treatmentOf(trial);
    let fate: Fate = isSure ? 'runs' : 'open';
    for (const policy of policies) {
      const { name } = policy.plan;
      const isMeant = policy.isMeant(facts);
      if (isMeant === false) continue;
      if (policy.kind === 'filter') {
        if (isMeant === true) return { policy: name, grounds: policy.grounds(facts) };
        fate = 'open';
        continue;
      }
      const key = policy.keyOf(facts);
      const cluster = `${name} ${key ?? ''}`;
      const members = seen.get(cluster) ?? new Set();
      const isOneOfFew = members.has(treatment) || members.size < policy.plan.keep;
      if (isMeant === undefined || key === undefined || !isOneOfFew) fate = 'open';
      seen.set(cluster, members.add(treatment));
    }
    return fate;
  });
}
