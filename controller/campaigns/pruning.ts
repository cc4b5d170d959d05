import type { PolicyPlan } from '../../campaign/pruning/policy.ts';
import { Pruner } from '../../campaign/pruning/pruner.ts';
import type { TrialRecord } from '../state/records.ts';

/**
 * Decides which trials of a campaign are left out. It rests on nothing but the records of the trials before, so that a controller that is started
 * again decides as the one before it would have.
 */
export class Pruning {
  readonly #pruner: Pruner;
  readonly #trials: readonly TrialRecord[];
  /** The trials before this place are known to the pruner. */
  #learnt = 0;

  constructor(policies: readonly PolicyPlan[], trials: readonly TrialRecord[]) {
    this.#pruner = new Pruner(policies);
    this.#trials = trials;
  }

  decide(trial: TrialRecord): ReturnType<Pruner['decide']> {
    for (; this.#trials[this.#learnt] !== trial; this.#learnt += 1) {
      const { plan, shown, clusters = {} } = this.#trials[this.#learnt] ?? trial;
      if (shown !== undefined) this.#pruner.learn(plan, clusters, shown);
    }
    return this.#pruner.decide(trial.plan);
  }
}
