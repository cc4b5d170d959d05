import type { z } from 'zod';
import { formatDuration } from '../clock/duration.ts';
import { nearest } from '../errors/nearest.ts';
import type { Campaign, Combination, Fault, TimedFault } from './campaign.ts';
import type { combination } from './combination-schema.ts';
import type { Rule } from './definition.ts';
import type { Issue } from './issue.ts';
import { earliestBeginningUs, latestBeginningUs } from './upon.ts';

type Given = z.output<typeof combination>;

/** The combinations of a file with the faults that they name; what no schema of one part can see is an issue. */
export function combine(
  given: readonly Given[],
  { faultload, timeline, definition }: Pick<Campaign, 'faultload' | 'timeline' | 'definition'>,
): { combinations: Combination[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const combinations = given.map(({ name, weight, faults: members }, index): Combination => {
    const at = ['combinations', index];
    const twin = given.findIndex((other) => other.name === name);
    if (twin < index) issues.push({ path: [...at, 'name'], message: taken(name, `combinations[${twin}]`) });
    if (faultload.some((fault) => fault.name === name))
      issues.push({ path: [...at, 'name'], message: taken(name, 'a fault of the faultload') });
    const faults = members.flatMap((member, place) => {
      const found = faultOf(member, faultload);
      if ('wrong' in found) {
        issues.push({ path: [...at, 'faults', place, found.wrong], message: found.because });
        return [];
      }
      const { fault } = found;
      const wrong = uponProblem(member, definition.rules);
      if (wrong !== undefined)
        issues.push({ path: [...at, 'faults', place, wrong.part], message: wrong.message });
      const duringUs = member.during ?? fault.duringUs ?? timeline.duringUs;
      return [{ fault, atUs: member.at, duringUs, ...uponOf(member) }];
    });
    if (faults.length === members.length)
      issues.push(...timesOf(faults).map(({ path, message }) => ({ path: [...at, ...path], message })));
    const inOrder = faults.toSorted(
      (one, other) => Number('upon' in one) - Number('upon' in other) || one.atUs - other.atUs,
    );
    return { name, weight, faults: inOrder };
  });
  return { combinations, issues };
}

function faultOf(
  { fault: name, intensity }: Given['faults'][number],
  faultload: readonly Fault[],
): { readonly fault: Fault } | { readonly wrong: 'fault' | 'intensity'; readonly because: string } {
  const named = faultload.filter((fault) => fault.name === name);
  const [first] = named;
  if (first === undefined) {
    const names = [...new Set(faultload.map((fault) => fault.name))];
    const because = `is "${name}", which is not the name of a fault${meant(name, names)}`;
    return { wrong: 'fault', because };
  }
  if (!('attached' in first.target) && first.target.pick.kind === 'each') {
    const because = `is "${name}", which has trials of its own on each of its targets: a combination needs a fault with one place to go`;
    return { wrong: 'fault', because };
  }
  const intensities = named.flatMap((fault) => fault.intensity ?? []);
  const fault = named.find((one) => one.intensity === intensity);
  if (fault !== undefined) return { fault };
  if (intensity === undefined) {
    const because = `is missing: "${name}" has several, and the combination needs one of them (${intensities.join(', ')})`;
    return { wrong: 'intensity', because };
  }
  const because =
    intensities.length === 0
      ? `is "${intensity}", but the fault "${name}" lists no intensities: leave it out`
      : `is "${intensity}", which is not an intensity of "${name}"${meant(intensity, intensities)}`;
  return { wrong: 'intensity', because };
}

/** The stretch `during` begins with the first fault; and nothing is done twice at once. */
function timesOf(faults: Combination['faults']): Issue[] {
  const timed = faults.filter(({ upon }) => upon === undefined);
  if (timed.length === 0)
    return [{ path: ['faults'], message: 'all wait for the infrastructure: one of them has to begin at 0s' }];
  const firstUs = Math.min(...timed.map(({ atUs }) => atUs));
  const late =
    firstUs === 0
      ? []
      : [
          {
            path: ['faults'],
            message: `begin ${formatDuration(firstUs)} late: one of them has to begin at 0s, and longer before it is the timeline's before`,
          },
        ];
  const twice = faults.flatMap((one, index): Issue[] => {
    const { fault } = one;
    const earlier = faults.findIndex(
      (other, place) => place < index && other.fault.name === fault.name && mayOverlap(one, other),
    );
    if (earlier === -1) return [];
    const message = `is "${fault.name}", which is there at that time already (faults[${earlier}]): the same fault may come again only when it is over`;
    return [{ path: ['faults', index, 'fault'], message }];
  });
  return [...late, ...twice];
}

function mayOverlap(one: TimedFault, other: TimedFault): boolean {
  const endsBy = (timed: TimedFault): number => latestBeginningUs(timed) + timed.duringUs;
  return earliestBeginningUs(other) < endsBy(one) && earliestBeginningUs(one) < endsBy(other);
}

function uponOf({ upon: means, within: withinUs }: Given['faults'][number]): Pick<TimedFault, 'upon'> {
  return means === undefined || withinUs === undefined ? {} : { upon: { means, withinUs } };
}

/** What is waited for has an end, and a rule that tells it. */
function uponProblem(
  { upon, within }: Given['faults'][number],
  rules: readonly Rule[],
): { readonly part: 'upon' | 'within'; readonly message: string } | undefined {
  if (upon === undefined)
    return within === undefined
      ? undefined
      : { part: 'within', message: 'is only of a fault that waits for something (upon)' };
  if (within === undefined)
    return { part: 'within', message: `is missing: how long ${upon} is waited for, such as 20s` };
  if (rules.some(({ means }) => means === upon)) return undefined;
  const known = [...new Set(rules.map(({ means }) => means))].join(', ') || 'nothing';
  return { part: 'upon', message: `is ${upon}, which no rule of the file tells (the rules tell ${known})` };
}

function taken(name: string, by: string): string {
  return `is "${name}", the name of ${by}; it must be unique`;
}

function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  const guess = near === undefined ? '' : `; did you mean "${near}"?`;
  return `${guess} (there are: ${names.join(', ') || 'none'})`;
}
