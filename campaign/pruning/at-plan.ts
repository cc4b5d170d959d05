import { faultsOf } from '../faults-of.ts';
import type { Pruned, TrialPlan } from '../plan.ts';
import { factsOf } from './facts-of.ts';
import { Knowledge } from './knowledge.ts';
import { policyOf, type PolicyPlan } from './policy.ts';
import { treatmentOf } from './pruner.ts';

/** Open: what the trials before it show will decide. */
export type Fate = 'runs' | 'open' | Pruned;

/**
 * What is certain before any trial has run. A filter can leave a trial out already; a cluster cannot, because nobody knows yet whether the trial that
 * is to stand for the others will show anything.
 */
export function fatesAtPlan(trials: readonly TrialPlan[], plans: readonly PolicyPlan[]): readonly Fate[] {
  const policies = plans.map(policyOf);
  const nothing = new Knowledge();
  const seen = new Map<string, Set<string>>();
  return trials.map((trial): Fate => {
    if (faultsOf(trial).length === 0) return 'runs';
    const facts = factsOf(trial, nothing);
    const treatment = treatmentOf(trial);
    let fate: Fate = 'runs';
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
