import type { Benchmark, Figure } from './benchmark.ts';
import type { Machine } from './machine.ts';

export interface Outcome {
  /** The day on which it ran. */
  readonly on: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** docs/benchmarks.md, of the last outcome of each benchmark. */
export function document(outcomes: readonly (readonly [Benchmark, Outcome | undefined])[]): string {
  const sections = outcomes.map(([benchmark, outcome]) => section(benchmark, outcome));
  return [
    '# Benchmarks',
    'Written by `npm run bench`; do not edit. `npm run bench -- NAME` measures one of them anew and leaves the others as they were. They need root, ' +
      "what `deploy/setup.sh` installs, Debian's package `wrk`, and a machine that has nothing else to do.",
    ...sections,
    '',
  ].join('\n\n');
}

function section({ name, title, method }: Benchmark, outcome: Outcome | undefined): string {
  const head = `## ${title}\n\n\`npm run bench -- ${name}\`. ${method}`;
  if (outcome === undefined) return `${head}\n\nNot measured yet.`;
  const { on, machine, figures } = outcome;
  const { processor, cores, memoryGiB, kernel, node, loadBefore } = machine;
  const where = `${on}, ${cores} cores (${processor}), ${memoryGiB} GiB, Linux ${kernel}, Node ${node}, load average ${loadBefore.toFixed(1)} before.`;
  const rows = figures.map(row);
  return [head, where, ['| what | found | aim | |', '| --- | --- | --- | --- |', ...rows].join('\n')].join(
    '\n\n',
  );
}

function row({ what, found, aim, note }: Figure): string {
  const verdict = aim === undefined ? '' : `${aim.text}: ${aim.isMet ? 'met' : '**missed**'}`;
  return `| ${what} | ${found} | ${verdict} | ${note ?? ''} |`;
}
