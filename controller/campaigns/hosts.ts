import { faultsOf } from '../../campaign/faults-of.ts';
import type { TrialPlan } from '../../campaign/plan.ts';
import type { PlanHead } from '../state/records.ts';

/** Every host that a campaign involves: those of its load, its commands and its watches, and every host that any of its faults goes to. */
export function hostsOf(plan: PlanHead, trials: readonly TrialPlan[]): readonly string[] {
  const { system, workload, watches } = plan;
  const commands = [...system.deploy, ...system.prepare, ...system.undeploy];
  const targets = trials.flatMap(faultsOf).flatMap(({ fault }) => fault.targets);
  return [
    ...new Set([workload.host, ...[...commands, ...watches, ...targets].map(({ host }) => host)]),
  ].sort();
}
