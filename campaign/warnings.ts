import { counted } from '../errors/counted.ts';
import { formatDuration } from '../clock/duration.ts';
import { descriptorOf, serviceOf } from '../injectors/catalogue.ts';
import type { Campaign, Fault } from './campaign.ts';
import { reachOf, significant } from '../metrics/measures/statistics/smallest-p.ts';
import { faultsOf } from './faults-of.ts';
import type { TrialPlan } from './plan.ts';
import { reachOfPlan, type Reach } from './reach.ts';
import { latestBeginningUs } from './upon.ts';

/** What a campaign may mean, but hardly does. */
export function warningsOf(campaign: Campaign, trials: readonly TrialPlan[], timeoutUs: number): string[] {
  const { faultload } = campaign;
  return [
    ...ofTimes(campaign, timeoutUs),
    ...ofReach(trials),
    ...substitutesIn(faultload),
    ...lonelyElements(trials),
  ];
}

function ofTimes(campaign: Campaign, timeoutUs: number): string[] {
  const { goldenRuns, timeline, faultload, combinations, definition } = campaign;
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
  const lasting = [
    ...faultload.map(({ name, duringUs = 0 }) => ({ what: `fault "${name}"`, duringUs })),
    ...combinations.map(({ name, faults }) => ({
      what: `combination "${name}"`,
      duringUs: Math.max(...faults.map((one) => latestBeginningUs(one) + one.duringUs)),
    })),
  ];
  for (const { what, duringUs } of lasting) {
    if (duringUs > timeline.duringUs) {
      warnings.push(
        `${what} lasts ${formatDuration(duringUs)}, longer than the timeline's during (${formatDuration(timeline.duringUs)}), by which golden runs are measured`,
      );
    }
  }
  for (const { name, mechanism } of faultload) {
    if (descriptorOf(mechanism)?.serves.length === 0)
      warnings.push(`fault "${name}" is a placebo: ${mechanism} does nothing`);
  }
  return [...new Set(warnings)];
}

/** Too few trials to tell any difference from chance, however large it is. */
function ofReach(trials: readonly TrialPlan[]): string[] {
  const reach = reachOfPlan(trials);
  if (reach === undefined || reach.goldenRuns === 0 || reach.smallest <= significant) return [];
  const { cells, goldenRuns, smallest, trials: own } = reach;
  const enough = moreGoldenRuns(reach);
  return [
    `${cells === 1 ? 'the cell' : 'a cell'} of ${counted(own, 'trial')} cannot be told from ${counted(goldenRuns, 'golden run')}, whatever it comes to: the smallest p that it can reach is ${Number(smallest.toPrecision(2))}${cells === 1 ? '' : `, after the correction for ${cells} cells`}, and ${significant} is asked for; ${enough === undefined ? 'ask for more repetitions' : `${enough} golden runs would do, or more repetitions`}`,
  ];
}

/** How many would do with the trials as they are, permuted all together; undefined where no reasonable number does. */
function moreGoldenRuns({ cells, trials, goldenRuns }: Reach): number | undefined {
  for (let others = goldenRuns + 1; others <= 100; others += 1) {
    if (reachOf([{ ones: trials, others }], cells).smallest <= significant) return others;
  }
  return undefined;
}

/** A fault of a shared element is about those that share it. */
function lonelyElements(trials: readonly TrialPlan[]): string[] {
  const warnings = trials.flatMap(faultsOf).flatMap(({ fault }) => {
    const [only, ...more] = fault.targets;
    if (fault.element === undefined || only === undefined || more.length > 0) return [];
    return [
      `only the ${only.kind} ${only.name} of ${only.host} is attached to the element "${fault.element}"`,
    ];
  });
  return [...new Set(warnings)];
}

/** The reason of a substitute is long: it is told once, with all the faults that it holds for. */
function substitutesIn(faultload: readonly Fault[]): string[] {
  const faultsByReason = new Map<string, Set<string>>();
  for (const { name, cell, mechanism } of faultload) {
    const descriptor = descriptorOf(mechanism);
    const because = descriptor && serviceOf(descriptor, cell)?.substituteBecause;
    if (because === undefined) continue;
    const reason = `${mechanism} only stands in for what the fault model asks for. ${because}`;
    faultsByReason.set(reason, (faultsByReason.get(reason) ?? new Set()).add(`"${name}"`));
  }
  return [...faultsByReason].map(([reason, faults]) => `${[...faults].join(', ')}: ${reason}`);
}
