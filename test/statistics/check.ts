import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Question } from './question.ts';
import { questions } from './questions.ts';

// Compares the statistics of the measures with those of R, and writes the outcome to docs/statistics-check.md.

interface Statistic {
  readonly title: string;
  readonly of: string;
  /** How far apart two right answers may be. */
  readonly tolerance: number;
  readonly differ: (own: number, other: number) => number;
}

const relative = (own: number, other: number): number =>
  own === other ? 0 : Math.abs(own - other) / Math.max(Math.abs(own), Math.abs(other));
const absolute = (own: number, other: number): number => Math.abs(own - other);

const statistics: Readonly<Record<string, Statistic>> = {
  wilson: { title: 'Wilson interval', of: 'prop.test, uncorrected', tolerance: 1e-12, differ: relative },
  'clopper-pearson': {
    title: 'Clopper-Pearson interval',
    of: 'binom.test',
    tolerance: 1e-12,
    differ: relative,
  },
  fisher: { title: "Fisher's exact test", of: 'fisher.test', tolerance: 1e-9, differ: relative },
  newcombe: {
    title: 'Difference of two shares, Newcombe',
    of: 'prop.test, uncorrected, of each',
    tolerance: 1e-12,
    differ: absolute,
  },
  'cliffs-delta': {
    title: "Cliff's delta",
    of: 'wilcox.test, its statistic',
    tolerance: 1e-12,
    differ: absolute,
  },
  'delta-interval': {
    title: "Interval of Cliff's delta",
    of: 'uniroot of the score equation',
    tolerance: 1e-9,
    differ: absolute,
  },
  'delta-coverage': {
    title: "Share of such intervals that hold the true Cliff's delta",
    of: '0.95, where pnorm says the true one',
    tolerance: 0.04,
    differ: absolute,
  },
  permutation: {
    title: 'Permutation test of two sets, also in blocks',
    of: 'coin, independence_test, exact',
    tolerance: 1e-9,
    differ: relative,
  },
  drawn: {
    title: 'The same where permutations are drawn',
    of: 'coin, independence_test, exact',
    tolerance: 0.025,
    differ: absolute,
  },
  'smallest-p': { title: 'Smallest p of a design', of: 'choose', tolerance: 1e-9, differ: relative },
  holm: { title: "Holm's correction", of: 'p.adjust', tolerance: 1e-12, differ: relative },
  'mann-kendall': {
    title: 'Trend, Mann and Kendall, exact',
    of: 'cor.test, and every order where there are ties',
    tolerance: 1e-9,
    differ: relative,
  },
  'mann-kendall-normal': {
    title: 'Trend, Mann and Kendall, of many values',
    of: 'cor.test, not exact',
    tolerance: 1e-9,
    differ: relative,
  },
  'normal-tails': {
    title: 'Tails of the normal distribution',
    of: 'pnorm',
    tolerance: 1e-12,
    differ: relative,
  },
  'theil-sen': { title: 'Slope of Theil and Sen', of: 'median', tolerance: 1e-12, differ: relative },
  'nearest-rank': {
    title: 'Percentile, nearest rank',
    of: 'quantile, type 1',
    tolerance: 0,
    differ: relative,
  },
  'kaplan-meier': { title: 'Kaplan-Meier curve', of: 'survfit', tolerance: 1e-12, differ: relative },
  'restricted-mean': { title: 'Restricted mean', of: 'survfit, rmean', tolerance: 1e-12, differ: relative },
  bootstrap: {
    title: 'Bootstrap interval of a percentile, in ranks',
    of: 'pbinom, the limit of infinitely many samples',
    tolerance: 1,
    differ: absolute,
  },
  'percentile-interval': {
    title: 'The same without draws',
    of: 'pbinom',
    tolerance: 0,
    differ: absolute,
  },
};

const asked = questions();
const answers = askR(asked);
const rows = Object.entries(statistics).map(([name, statistic]) => compare(name, statistic));
const version = run(
  [
    '-e',
    'cat(R.version.string, "with survival", format(packageVersion("survival")), "and coin", format(packageVersion("coin")))',
  ],
  '',
);
for (const { title, cases, largest, tolerance, agrees } of rows) {
  const verdict = agrees ? 'agrees' : 'DOES NOT AGREE';
  process.stdout.write(
    `${title}: ${cases} cases, largest difference ${largest.toExponential(1)} (at most ${tolerance}): ${verdict}\n`,
  );
}
writeFileSync(new URL('../../docs/statistics-check.md', import.meta.url), document());
process.exitCode = rows.every(({ agrees }) => agrees) ? 0 : 1;

function compare(name: string, { title, of, tolerance, differ }: Statistic) {
  let [cases, largest, agrees] = [0, 0, true];
  for (const [index, question] of asked.entries()) {
    if (question.name !== name) continue;
    const answer = answers[index] ?? [];
    cases += 1;
    if (answer.length !== question.answer.length) agrees = false;
    for (const [place, own] of question.answer.entries()) {
      const difference = differ(own, answer[place] ?? NaN);
      if (!(difference <= tolerance)) agrees = false;
      largest = Math.max(largest, difference);
    }
  }
  return { title, of, cases, largest, tolerance, agrees };
}

function askR(all: readonly Question[]): number[][] {
  const lines = all.map(({ name, fields }) => [name, ...fields.map(String)].join(' '));
  const script = new URL('reference.R', import.meta.url).pathname;
  const said = run([script], `${lines.join('\n')}\n`)
    .trimEnd()
    .split('\n');
  if (said.length !== all.length) throw new Error(`R answered ${said.length} of ${all.length} questions`);
  return said.map((line) => line.trim().split(/\s+/).map(Number));
}

function run(command: readonly string[], input: string): string {
  try {
    return execFileSync('Rscript', command, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    process.stderr.write('R is missing. As root: apt-get install r-base-core r-cran-survival r-cran-coin\n');
    process.exit(2);
  }
}

function document(): string {
  const cells = rows.map(({ title, of, cases, largest, tolerance, agrees }) =>
    [title, of, String(cases), largest.toExponential(1), String(tolerance), agrees ? 'yes' : '**no**'].join(
      ' | ',
    ),
  );
  return [
    '# The statistics, checked against R',
    'Written by `npm run check:statistics`; do not edit. It asks both implementations the same questions, seeded random ones and the edges (none, all, ' +
      'one only, ties), and compares the answers: a difference is relative, but for what can be 0 and for the bootstrap, where it is the distance of two ranks. It needs ' +
      "Debian's packages `r-base-core`, `r-cran-survival` and `r-cran-coin`.",
    `${new Date().toISOString().slice(0, 10)}, ${version}.`,
    [
      '| statistic | in R | cases | largest difference | at most | agrees |',
      '| --- | --- | --- | --- | --- | --- |',
      ...cells.map((row) => `| ${row} |`),
    ].join('\n'),
    '',
  ].join('\n\n');
}
