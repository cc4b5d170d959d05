import { OrdealError } from '../errors/ordeal-error.ts';
import { driverOf } from '../workload/catalogue.ts';
import type { Campaign } from './campaign.ts';
import { estimateOf } from './estimate.ts';
import type { HostInventory } from './inventory.ts';
import { Obstacles } from './obstacles.ts';
import { orderOfTrials } from './order.ts';
import type { CommandPlan, Plan, TrialPlan } from './plan.ts';
import { seedFor } from './seed.ts';
import { selectHost } from './select.ts';
import { fatesAtPlan } from './pruning/at-plan.ts';
import { faultsIn, planTreatment, treatmentsOf } from './treatment.ts';
import { warningsOf } from './warnings.ts';

/** Plans are kept and sent whole; this many trials are about three months at the thesis's 300 s and more. */
const mostTrials = 20_000;

/**
 * Takes every choice that the campaign leaves open. Throws NO_TARGET, PROTECTED_TARGET, UNSUPPORTED or INVALID_INPUT with all
 * that stands against it. The same campaign and inventory, its hosts in any order, give the same plan.
 */
export function compile(campaign: Campaign, inventory: readonly HostInventory[]): Plan {
  const obstacles = new Obstacles();
  const treatments = treatmentsOf(campaign, inventory, obstacles);
  refuseTooMany(treatments.length * campaign.repetitions + campaign.goldenRuns);
  const { system, workload, watches, definition } = campaign;
  const onHost = (where: string, pattern: string): string =>
    obstacles.attempt(where, () => selectHost(pattern, inventory)) ?? pattern;
  const commands = (part: string, list: readonly CommandPlan[]): CommandPlan[] =>
    list.map((one, index) => ({ ...one, host: onHost(`system.${part}[${index}].host`, one.host) }));
  const timeoutUs = driverOf(workload.driver).timeoutUs(workload.options);
  const resolved = {
    system: {
      ...system,
      deploy: commands('deploy', system.deploy),
      prepare: commands('prepare', system.prepare),
      undeploy: commands('undeploy', system.undeploy),
    },
    workload: { ...workload, host: onHost('workload.host', workload.host) },
    watches: watches.map((one, index) => ({ ...one, host: onHost(`watch[${index}].host`, one.host) })),
  };
  // What a combination is judged by, its faults alone, comes before it.
  const rankOf = campaign.prune.length === 0 ? undefined : faultsIn;
  const ordered = orderOfTrials(campaign, treatments, rankOf).map(
    ({ treatment, repetition }, index): TrialPlan => {
      const seed = seedFor(campaign.seed, treatment?.key ?? '', repetition);
      const planned = treatment && planTreatment(treatment, inventory, seed, obstacles);
      return {
        id: `t${String(index + 1).padStart(3, '0')}`,
        repetition,
        seed,
        ...planned,
        timeline: { ...campaign.timeline, ...planned?.timeline },
      };
    },
  );
  obstacles.throwIfAny();
  const fates = fatesAtPlan(ordered, campaign);
  const trials = ordered.map((trial, place) => {
    const fate = fates[place];
    return typeof fate === 'object' ? { ...trial, pruned: fate } : trial;
  });
  const begun = trials.filter(({ pruned }) => pruned === undefined);
  return {
    name: campaign.name,
    seed: campaign.seed,
    ...resolved,
    definition: { ...definition, timeoutUs, bootstrapSeed: seedFor(campaign.seed, 'bootstrap', 0) },
    ...(campaign.prune.length === 0 ? {} : { prune: campaign.prune }),
    ...(campaign.abort === undefined ? {} : { abort: campaign.abort }),
    ...(campaign.until === undefined ? {} : { until: campaign.until }),
    trials,
    estimateUs: estimateOf(begun, timeoutUs),
    warnings: warningsOf(campaign, begun, timeoutUs),
  };
}

function refuseTooMany(trials: number): void {
  if (trials <= mostTrials) return;
  const message = `the campaign has ${trials} trials; ${mostTrials} are allowed at most`;
  throw new OrdealError('INVALID_INPUT', message);
}
