/** Of one subject: what was waited for came after so long, or had not come when it was last looked at. */
export interface Observation {
  readonly after: number;
  readonly came: boolean;
}

/** From `at` on so large a share was still waiting. */
export interface Step {
  readonly at: number;
  readonly waiting: number;
}

/** The share that still waits, by what is known of all: who was not looked at for longer counts for as long as he was. It is 1 before the first step. */
export function kaplanMeier(observations: readonly Observation[]): Step[] {
  const inOrder = observations.toSorted((a, b) => a.after - b.after);
  const steps: Step[] = [];
  let waiting = 1;
  for (let index = 0; index < inOrder.length;) {
    const at = inOrder[index]?.after ?? 0;
    const atRisk = inOrder.length - index;
    let came = 0;
    for (; inOrder[index]?.after === at; index += 1) if (inOrder[index]?.came === true) came += 1;
    if (came === 0) continue;
    waiting *= 1 - came / atRisk;
    steps.push({ at, waiting });
  }
  return steps;
}

/** The mean of the time until it comes, or until the horizon where that is sooner: the area under the curve. */
export function restrictedMean(steps: readonly Step[], horizon: number): number {
  let [area, from, waiting] = [0, 0, 1];
  for (const step of steps) {
    if (step.at >= horizon) break;
    area += waiting * (step.at - from);
    ({ at: from, waiting } = step);
  }
  return area + waiting * (horizon - from);
}

/** When no more than half of them still waited; undefined where that was never so. */
export function medianTime(steps: readonly Step[]): number | undefined {
  return steps.find(({ waiting }) => waiting <= 0.5)?.at;
}
