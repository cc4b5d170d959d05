import { counted } from '../errors/counted.ts';
import type { Effects } from '../injectors/injector.ts';

/** What a fault did to the instances of its target that it has met so far. */
export interface EarlierParts {
  readonly instances: number;
  /** Of all of them; its remark tells them one by one. */
  readonly effects: Effects;
}

/** So many are told one by one: a container that is killed again and again has hundreds. */
const toldAtMost = 8;

export function addPart(before: EarlierParts | undefined, part: Effects): EarlierParts {
  const instances = (before?.instances ?? 0) + 1;
  const told = instances > toldAtMost ? [] : [`${instances}: ${partText(part)}`];
  const remark = [...(before?.effects.remark === undefined ? [] : [before.effects.remark]), ...told].join(
    ', ',
  );
  return { instances, effects: { ...sum(before?.effects, part), remark } };
}

/** The effects of all of a fault, as they are told of one. */
export function wholeOf({ instances, effects }: EarlierParts, name: string): Effects {
  const rest = instances > toldAtMost ? ', ..' : '';
  const met = counted(instances, 'instance');
  return { ...effects, remark: `it met ${met} of ${name} (${effects.remark ?? ''}${rest})` };
}

/** Without the dose: what the instances got is not known in a unit in which it adds up. */
function sum(before: Effects | undefined, part: Effects): Effects {
  const all = before === undefined ? [part] : [before, part];
  const counts = all.map(({ count }) => count);
  const known = counts.filter((count) => count !== 'unknown');
  const firstUs = all.map((one) => one.firstUs).find((us) => us !== undefined);
  const lastUs = all.map((one) => one.lastUs).findLast((us) => us !== undefined);
  return {
    // Part of it unknown is all of it unknown.
    count: known.length < counts.length ? 'unknown' : known.reduce((total, count) => total + count, 0),
    ...(firstUs === undefined ? {} : { firstUs }),
    ...(lastUs === undefined ? {} : { lastUs }),
  };
}

function partText({ count, dose, remark }: Effects): string {
  const reached = dose && ` with a dose of ${round(dose.achieved)} of ${round(dose.asked)} ${dose.unit}`;
  return `${count}${reached ?? ''}${remark === undefined ? '' : `; ${remark}`}`;
}

function round(dose: number): string {
  return String(Number(dose.toPrecision(3)));
}
