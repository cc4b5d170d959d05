import { faultTitle } from '../fault-title.ts';
import { faultsOf } from '../faults-of.ts';
import type { Pruned, TrialPlan } from '../plan.ts';
import { factsOf } from './facts-of.ts';
import { Knowledge } from './knowledge.ts';
import { policyOf, type Policy, type PolicyPlan } from './policy.ts';
import type { Shown } from './shown.ts';
import { targetsOf } from './targets.ts';

/** In which clusters a trial is: the key that it has by each policy that it is of. */
export type Clusters = Readonly<Record<string, string>>;

type Decision = { readonly pruned: Pruned } | { readonly clusters: Clusters };

/** Decides, trial by trial, which are left out. What is not known leaves nothing out. */
export class Pruner {
  readonly #policies: readonly Policy[];
  readonly #knowledge = new Knowledge();
  /** Who runs, by policy and key. */
  readonly #kept = new Map<string, Map<string, string>>();

  constructor(policies: readonly PolicyPlan[]) {
    this.#policies = policies.map(policyOf);
  }

  /** Of a trial that has not begun, by all that was learnt so far. */
  decide(trial: TrialPlan): Decision {
    if (trial.pruned !== undefined) return { pruned: trial.pruned };
    if (faultsOf(trial).length === 0 || this.#policies.length === 0) return { clusters: {} };
    const facts = factsOf(trial, this.#knowledge);
    const treatment = treatmentOf(trial);
    const clusters: Record<string, string> = {};
    for (const policy of this.#policies) {
      const { name } = policy.plan;
      if (policy.isMeant(facts) !== true) continue;
      if (policy.kind === 'filter') return { pruned: { policy: name, grounds: policy.grounds(facts) } };
      const key = policy.keyOf(facts);
      if (key === undefined) continue;
      const kept = this.#kept.get(clusterOf(name, key)) ?? new Map<string, string>();
      if (!kept.has(treatment) && kept.size >= policy.plan.keep) {
        const like = `like ${[...kept.values()].join(', ')}`;
        return { pruned: { policy: name, grounds: `${like}: ${policy.grounds(facts)}` } };
      }
      clusters[name] = key;
    }
    return { clusters };
  }

  /** A trial that was run, and what it showed. One that showed nothing stands for no other. */
  learn(trial: TrialPlan, clusters: Clusters, shown: Shown): void {
    this.#knowledge.add(trial, shown);
    if (shown.outcome === 'unknown') return;
    for (const [name, key] of Object.entries(clusters)) {
      const cluster = clusterOf(name, key);
      const kept = this.#kept.get(cluster) ?? new Map<string, string>();
      const treatment = treatmentOf(trial);
      if (!kept.has(treatment)) kept.set(treatment, trial.id);
      this.#kept.set(cluster, kept);
    }
  }
}

function clusterOf(policy: string, key: string): string {
  return `${policy} ${key}`;
}

/** What is the same in every repetition. */
export function treatmentOf({ fault, combination }: TrialPlan): string {
  if (combination !== undefined) return combination.name;
  return fault === undefined ? '' : `${faultTitle(fault)} ${targetsOf([fault]).join()}`;
}
