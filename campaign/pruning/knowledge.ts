import { outcomeClasses } from '../../metrics/measures/outcome-class.ts';
import { faultTitle } from '../fault-title.ts';
import { whicheverOccurrence } from '../occurrence.ts';
import type { FaultPlan, TrialPlan } from '../plan.ts';
import type { Shown } from './shown.ts';
import { targetsOf } from './targets.ts';

/** What the trials so far showed of a fault alone; what is undefined is not known. */
export interface Alone {
  readonly outcome: string;
  readonly detections: readonly string[] | undefined;
  readonly repairs: readonly string[] | undefined;
  readonly touched: readonly string[];
}

/** A service that does not come back by itself, or is believed and wrong. */
const harmful = ['wrong-answers', 'not-recovered', 'host-crash'];

/** What earlier trials showed. Every trial of a fault counts: the worst outcome, and all that was ever noticed, repaired and touched. */
export class Knowledge {
  readonly #alone = new Map<string, Alone>();
  readonly #broken = new Set<string>();

  add({ fault }: Pick<TrialPlan, 'fault'>, shown: Shown): void {
    if (fault === undefined || shown.outcome === 'unknown') return;
    const key = keyOf(fault);
    const before = this.#alone.get(key);
    const { outcome, detections, repairs, touched } = shown;
    this.#alone.set(key, {
      outcome: worse(before?.outcome ?? outcome, outcome),
      detections: before === undefined ? detections : together(before.detections, detections),
      repairs: before === undefined ? repairs : together(before.repairs, repairs),
      touched: together(before?.touched ?? [], touched) ?? [],
    });
    if (harmful.includes(outcome)) for (const target of targetsOf([fault])) this.#broken.add(target);
  }

  of(fault: FaultPlan): Alone | undefined {
    return this.#alone.get(keyOf(fault));
  }

  isBroken(target: string): boolean {
    return this.#broken.has(target);
  }
}

/** A fault that comes again in a combination is the same. */
function keyOf(fault: FaultPlan): string {
  return whicheverOccurrence(faultTitle(fault));
}

function worse(one: string, other: string): string {
  return outcomeClasses.find((known) => known === one || known === other) ?? one;
}

function together(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  return one === undefined || other === undefined ? undefined : [...new Set([...one, ...other])].sort();
}
