import { likeForLike, type Row } from '../measures/like-for-like.ts';
import type { AverageComparison, PrintedAverage, Rule, RuleAverages } from './comparison.ts';
import { valueMeasures } from './measure.ts';
import { isGolden, type LatencyMeasure, type Side } from './side.ts';

const latencyMeasures: readonly LatencyMeasure[] = ['detection-latency', 'recovery-latency'];

/** The averages over the cells, by each rule that is one for both sides; and by which of them the printed ones were made. */
export function compareAverages(one: Side, other: Side): AverageComparison[] {
  return latencyMeasures.flatMap((measure) => {
    const [ones, others] = [rowsOf(one, measure), rowsOf(other, measure)];
    if (ones.length === 0 || others.length === 0) return [];
    const rules = rulesOf(ones, others);
    const step = stepOf([...ones, ...others].map(({ value }) => value));
    const printed = {
      one: printedOf(one.printed[measure], rules, 'one', step),
      other: printedOf(other.printed[measure], rules, 'other', step),
    };
    const isLikeForLike = printed.one?.follows.some((rule) => printed.other?.follows.includes(rule));
    return [
      {
        measure,
        title: valueMeasures[measure].title,
        rules,
        ...(printed.one === undefined && printed.other === undefined ? {} : { printed: given(printed) }),
        ...(printed.one === undefined || printed.other === undefined || isLikeForLike === undefined
          ? {}
          : { isLikeForLike }),
      },
    ];
  });
}

/** A median among means would be like nothing. */
function rowsOf({ rows }: Side, measure: LatencyMeasure): Row[] {
  return rows.flatMap(({ name, averages }) => {
    const average = averages[measure];
    if (isGolden(name) || average === undefined || 'mark' in average || average.of !== 'mean') return [];
    return [{ name, value: average.value, isPartial: average.isPartial }];
  });
}

function rulesOf(ones: readonly Row[], others: readonly Row[]): RuleAverages[] {
  const { allRows, wholeRows, commonRows } = likeForLike(ones, others);
  const whole = (rows: readonly Row[]): number => rows.filter(({ isPartial }) => !isPartial).length;
  const common = ones.filter(({ name }) => others.some((row) => row.name === name)).length;
  const rule = (name: Rule, means: typeof allRows, counts: readonly [number, number]): RuleAverages => ({
    rule: name,
    one: { rows: counts[0], ...(means.one === undefined ? {} : { us: means.one }) },
    other: { rows: counts[1], ...(means.other === undefined ? {} : { us: means.other }) },
  });
  return [
    rule('all rows', allRows, [ones.length, others.length]),
    rule('rows over all cases', wholeRows, [whole(ones), whole(others)]),
    rule('rows that both have', commonRows, [common, common]),
  ];
}

function printedOf(
  us: number | undefined,
  rules: readonly RuleAverages[],
  which: 'one' | 'other',
  step: number,
): PrintedAverage | undefined {
  if (us === undefined) return undefined;
  const follows = rules.filter((rule) => isRounded(rule[which].us, us, step)).map(({ rule }) => rule);
  return { us, follows };
}

type Printed = NonNullable<AverageComparison['printed']>;

function given({
  one,
  other,
}: {
  one: Printed['one'] | undefined;
  other: Printed['other'] | undefined;
}): Printed {
  return { ...(one === undefined ? {} : { one }), ...(other === undefined ? {} : { other }) };
}

/** To half a step, either way where it lies in the middle. */
function isRounded(exact: number | undefined, printed: number, step: number): boolean {
  return exact !== undefined && Math.abs(exact - printed) <= step / 2 + 1e-6;
}

/** How finely values were printed: the largest power of ten microseconds that all of them are whole numbers of. */
function stepOf(values: readonly number[]): number {
  let step = 1e6;
  while (step > 1 && values.some((value) => value % step !== 0)) step /= 10;
  return step;
}
