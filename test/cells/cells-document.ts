import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import type { CellResult } from './cell-result.ts';
import { noResults, type CellsResults, type ResultsOfKernel } from './cells-results.ts';
import { inShort } from './in-short.ts';
import { missingIn, tallyOf, tallyOfPlacebos } from './tally.ts';

/** docs/results/cells.md: of each proof on each kernel the last run. */
export function cellsDocument(results: CellsResults): string {
  const kernels = kernelNames.filter((kernel) => results[kernel] !== undefined);
  return [
    '# The cells of the fault model, as they were seen',
    '',
    'Written by `npm run test:cells`. Each fault is asked for as a user asks for it (`ordeal inject`), of an agent as it is delivered, in a host of the lab;',
    'what it does is told by a program beside it that knows nothing of Ordeal, before it, amid it and after it, and so is what the neighbour sees. Then the',
    'same fault is asked for once more, and its agent is killed with SIGKILL amid it. With `--placebo`, `noop` stands for every fault: the victims then see nothing, and each proof has',
    'to fail. `npm run test:cells -- physical.cpu.delay` runs one cell, `-- vm` those on virtual machines; the other results stay as they were.',
    ...kernels.flatMap((kernel) => section(kernel, results[kernel] ?? noResults)),
    '',
  ].join('\n');
}

function section(kernel: string, results: ResultsOfKernel): string[] {
  return [
    '',
    `## Linux ${kernel}`,
    '',
    `${tallyOf(results)}. With a placebo in their place, ${tallyOfPlacebos(results)}.`,
    '',
    row([
      ...['cell', 'on', 'by', 'asked', 'achieved', 'the victim saw: before', 'amid it', 'after it'],
      ...['the neighbour, amid it', 'left', 'with its agent killed, ended by', 'a placebo', 'run', 'holds'],
    ]),
    row(Array.from({ length: 14 }, () => '---')),
    ...Object.entries(results.proofs).map(([name, result]) => line(name, result, results)),
    ...missingIn(results).map(({ cell, on }) =>
      row([cell, on, '**missing**', ...Array<string>(11).fill('')]),
    ),
  ];
}

function line(name: string, result: CellResult, { placebos }: ResultsOfKernel): string {
  const { cell, on, mechanism, asked, achieved, victim, neighbour, left, withoutAgent, wrong } = result;
  const placebo = placebos[name];
  return row([
    ...[cell, on, mechanism, asked, inShort(achieved)],
    ...[victim.before, victim.during, victim.after, neighbour.during],
    left.length === 0 ? 'nothing' : left.join(', '),
    withoutAgent,
    placebo === undefined ? 'not run' : placebo.fails ? 'fails' : `**does not fail**: ${placebo.seen}`,
    `${result.day}, ${result.release}, ${result.commit}`,
    wrong.length === 0 ? 'yes' : `**no**: ${wrong.join('; ')}`,
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
