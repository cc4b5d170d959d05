import { compared, comparedValue } from './compared.ts';
import type { Drift } from './comparison-measures.ts';
import type { TrialMeasures } from './measures.ts';
import { holm } from './statistics/holm.ts';
import { mannKendall } from './statistics/mann-kendall.ts';
import { significant } from './statistics/smallest-p.ts';
import { theilSen } from './statistics/theil-sen.ts';

/** Whether the system was another one at the end of the campaign than at its begin. The trials are in the order of the plan. */
export function driftOfGolden(trials: readonly TrialMeasures[]): Drift[] {
  const found = compared.map((measure) => {
    const points = trials.flatMap((trial, at) => {
      const value = trial.valid && trial.fault === undefined ? comparedValue(trial, measure) : undefined;
      return value === undefined ? [] : [{ at, value }];
    });
    return { measure, points, trend: mannKendall(points.map(({ value }) => value)) };
  });
  const corrected = holm(found.flatMap(({ trend }) => (trend === undefined ? [] : [trend.p])));
  let next = 0;
  return found.map(({ measure, points, trend }): Drift => {
    const own = trend === undefined ? 'unknown' : (corrected[next++] ?? 'unknown');
    const slope = theilSen(points);
    const length = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
    return {
      measure,
      n: points.length,
      tau: trend?.tau ?? 'unknown',
      p: trend?.p ?? 'unknown',
      corrected: own,
      ...(trend === undefined ? {} : { method: trend.method }),
      change: slope === undefined ? 'unknown' : slope * length,
      drifts: own === 'unknown' ? own : own <= significant,
    };
  });
}
