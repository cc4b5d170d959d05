import type { Facts } from './facts.ts';
import { readCondition, readKey } from './expression.ts';

/** How trials are left out, as the plan keeps it. Expressions are read again by whoever decides. */
export type PolicyPlan = FilterPlan | ClusterPlan;

/** Leaves out every trial of which it is true. */
interface FilterPlan {
  readonly kind: 'filter';
  readonly name: string;
  readonly filter: string;
}

/** Of the treatments that are equivalent, only so many run. */
interface ClusterPlan {
  readonly kind: 'cluster';
  readonly name: string;
  readonly by: string;
  /** Of which trials it is; the others it leaves alone. */
  readonly of: string;
  readonly keep: number;
}

/** A policy made ready to be asked. Undefined is: not known yet. */
export type Policy =
  | {
      readonly kind: 'filter';
      readonly plan: FilterPlan;
      readonly isMeant: (of: Facts) => boolean | undefined;
      readonly grounds: (of: Facts) => string;
    }
  | {
      readonly kind: 'cluster';
      readonly plan: ClusterPlan;
      readonly isMeant: (of: Facts) => boolean | undefined;
      readonly keyOf: (of: Facts) => string | undefined;
      readonly grounds: (of: Facts) => string;
    };

export function policyOf(plan: PolicyPlan): Policy {
  if (plan.kind === 'filter') {
    const { asked, answer } = readCondition(plan.filter);
    return { kind: 'filter', plan, isMeant: answer, grounds: (of) => told(asked, of) };
  }
  const about = readCondition(plan.of);
  const { asked, answer } = readKey(plan.by);
  return { kind: 'cluster', plan, isMeant: about.answer, keyOf: answer, grounds: (of) => told(asked, of) };
}

/** What it looked at, and found. */
function told(asked: ReadonlySet<keyof Facts>, of: Facts): string {
  const shown = (value: Facts[keyof Facts]): string =>
    Array.isArray(value) ? value.join(', ') || 'none' : String(value ?? 'unknown');
  return [...asked].map((name) => `${name}: ${shown(of[name])}`).join('; ');
}
