import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import type { KernelFileResult, KernelsResults } from './kernels-results.ts';

/** docs/results/kernels.md: of each file on each kernel the last run. */
export function kernelsDocument(results: KernelsResults, files: readonly string[]): string {
  const columns = kernelNames.map((kernel) => new Column(results[kernel] ?? {}));
  return [
    '# The kernel tests, by kernel',
    '',
    'Written by `npm run test:kernels`, which runs every file of [test/kernel](../../test/kernel) in machines of the lab that boot the kernel,',
    'with modules built from its own headers. `npm run test:kernels -- 6.1 smoke` runs one file on one kernel and leaves the other results as they',
    'were; so each has its day and its commit, and its release where that is not the newest of the column.',
    '',
    row(['', ...kernelNames]),
    row(['---', ...kernelNames.map(() => '---')]),
    row(['release', ...columns.map(({ release }) => release)]),
    ...files.map((file) => row([file, ...columns.map((column) => column.verdict(file))])),
    row(['**all**', ...columns.map((column) => `**${column.total}**`)]),
    '',
  ].join('\n');
}

class Column {
  readonly #files: Readonly<Record<string, KernelFileResult>>;
  /** The newest on which any of it ran. */
  readonly release: string;

  constructor(files: Readonly<Record<string, KernelFileResult>>) {
    this.#files = files;
    const releases = Object.values(files).map(({ release }) => release);
    this.release = releases.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? '';
  }

  verdict(file: string): string {
    const result = this.#files[file];
    if (result === undefined) return 'not run';
    const { tests, passed, on, commit, seconds, release } = result;
    const where = release === this.release ? '' : `, ${release}`;
    return `${passed} of ${tests} (${on}, ${commit}, ${seconds} s${where})`;
  }

  get total(): string {
    const results = Object.values(this.#files);
    const sum = (of: (result: KernelFileResult) => number): number =>
      results.reduce((so, result) => so + of(result), 0);
    return `${sum(({ passed }) => passed)} of ${sum(({ tests }) => tests)}`;
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
