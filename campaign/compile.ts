import { formatDuration } from '../clock/duration.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { descriptorOf, serviceOf } from '../injectors/catalogue.ts';
import { driverOf } from '../workload/catalogue.ts';
import type { Campaign, Fault } from './campaign.ts';
import { targetsOf } from './element.ts';
import type { HostInventory } from './inventory.ts';
import { demandSupport } from './mechanism.ts';
import { orderOfTrials } from './order.ts';
import type { CommandPlan, FaultPlan, Plan, Timeline, TrialPlan } from './plan.ts';
import { seedFor } from './seed.ts';
import { selectHost, selectTargets } from './select.ts';

/** What checking, staging, verifying and collecting take together, in round numbers; the system's own commands are not known ahead. */
const overheadUs = 2_000_000;

/** Plans are kept and sent whole; this many trials are about three months at the thesis's 300 s and more. */
const mostTrials = 20_000;

/**
 * Takes every choice that the campaign leaves open. Throws NO_TARGET, PROTECTED_TARGET, UNSUPPORTED or INVALID_INPUT with all
 * that stands against it. The same campaign and inventory, its hosts in any order, give the same plan.
 */
export function compile(campaign: Campaign, inventory: readonly HostInventory[]): Plan {
  const count = campaign.faultload.length * campaign.repetitions + campaign.goldenRuns;
  if (count > mostTrials) {
    throw new OrdealError(
      'INVALID_INPUT',
      `the campaign has ${count} trials; ${mostTrials} are allowed at most`,
    );
  }
  const obstacles = new Obstacles();
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
  const trials = orderOfTrials(campaign).map(({ fault, repetition }, index): TrialPlan => {
    const seed = seedFor(campaign.seed, fault?.name ?? '', repetition);
    const planned =
      fault && obstacles.attempt(`fault "${fault.name}"`, () => planFault(fault, inventory, seed));
    return {
      id: `t${String(index + 1).padStart(3, '0')}`,
      repetition,
      seed,
      ...(planned === undefined ? {} : { fault: planned }),
      timeline: { ...campaign.timeline, duringUs: fault?.duringUs ?? campaign.timeline.duringUs },
    };
  });
  obstacles.throwIfAny();
  return {
    name: campaign.name,
    seed: campaign.seed,
    ...resolved,
    definition: { ...definition, timeoutUs, bootstrapSeed: seedFor(campaign.seed, 'bootstrap', 0) },
    trials,
    estimateUs: trials.reduce((sum, { timeline }) => sum + lengthUs(timeline) + timeoutUs + overheadUs, 0),
    warnings: [...warningsOf(campaign, timeoutUs), ...lonelyElements(trials)],
  };
}

function planFault(fault: Fault, inventory: readonly HostInventory[], seed: number): FaultPlan {
  const { name, cell, mechanism, parameters, mode, onRestart, rootCause, weight } = fault;
  const common = { name, cell, mechanism, parameters, mode, onRestart, rootCause, weight };
  if (!('attached' in fault.target)) {
    const targets = selectTargets(fault.target, inventory, seed);
    demandSupport(fault, targets, inventory);
    return { ...common, targets };
  }
  const targets = targetsOf(fault.target, inventory, seed);
  demandSupport(fault, targets, inventory);
  return { ...common, element: fault.target.name, targets };
}

function lengthUs({ warmUpUs, beforeUs, duringUs, afterUs }: Timeline): number {
  return warmUpUs + beforeUs + duringUs + afterUs;
}

function warningsOf(campaign: Campaign, timeoutUs: number): string[] {
  const { goldenRuns, timeline, faultload, definition } = campaign;
  const warnings: string[] = [];
  if (goldenRuns === 0)
    warnings.push(
      'there is no golden run: no trial can be compared with the service as it is without faults',
    );
  const { windowUs } = definition.unavailability;
  const shortest = Math.min(timeline.beforeUs, timeline.duringUs, timeline.afterUs);
  if (shortest < windowUs) {
    warnings.push(
      `a stretch of ${formatDuration(shortest)} is shorter than the window of unavailability, ${formatDuration(windowUs)}`,
    );
  }
  if (timeline.afterUs < timeoutUs) {
    warnings.push(
      `after (${formatDuration(timeline.afterUs)}) is shorter than the timeout of a request, ${formatDuration(timeoutUs)}: a recovery may not be seen`,
    );
  }
  for (const { name, mechanism, duringUs = 0 } of faultload) {
    if (duringUs > timeline.duringUs) {
      warnings.push(
        `fault "${name}" lasts ${formatDuration(duringUs)}, longer than the timeline's during (${formatDuration(timeline.duringUs)}), by which golden runs are measured`,
      );
    }
    if (descriptorOf(mechanism)?.serves.length === 0)
      warnings.push(`fault "${name}" is a placebo: ${mechanism} does nothing`);
  }
  return [...warnings, ...substitutesIn(faultload)];
}

/** A fault of a shared element is about those that share it. */
function lonelyElements(trials: readonly TrialPlan[]): string[] {
  const warnings = trials.flatMap(({ fault }) => {
    const [only, ...more] = fault?.targets ?? [];
    if (fault?.element === undefined || only === undefined || more.length > 0) return [];
    return [
      `only the ${only.kind} ${only.name} of ${only.host} is attached to the element "${fault.element}"`,
    ];
  });
  return [...new Set(warnings)];
}

/** The reason of a substitute is long: it is told once, with all the faults that it holds for. */
function substitutesIn(faultload: readonly Fault[]): string[] {
  const faultsByReason = new Map<string, string[]>();
  for (const { name, cell, mechanism } of faultload) {
    const descriptor = descriptorOf(mechanism);
    const because = descriptor && serviceOf(descriptor, cell)?.substituteBecause;
    if (because === undefined) continue;
    const reason = `${mechanism} only stands in for what the fault model asks for. ${because}`;
    faultsByReason.set(reason, [...(faultsByReason.get(reason) ?? []), `"${name}"`]);
  }
  return [...faultsByReason].map(([reason, faults]) => `${faults.join(', ')}: ${reason}`);
}

/** Gathers what stands against a plan, so that it is told at once; what a fault's every repetition meets is told once. */
class Obstacles {
  readonly #met = new Map<string, OrdealError>();

  attempt<Result>(where: string, act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof OrdealError)) throw error;
      this.#met.set(`${where}: ${error.message}`, error);
      return undefined;
    }
  }

  throwIfAny(): void {
    const [first, ...more] = this.#met.values();
    if (first === undefined) return;
    const sameRemedy = more.every(({ remedy }) => remedy === first.remedy);
    throw new OrdealError(first.code, [...this.#met.keys()].join('\n'), {
      cause: first,
      ...(sameRemedy ? { remedy: first.remedy } : {}),
    });
  }
}
