import { parseArgs } from 'node:util';
import { cells, isCellId, type CellId } from '../../injectors/cell.ts';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';

interface Asked {
  readonly cells: readonly CellId[];
  readonly kernel: KernelName;
  readonly isPlacebo: boolean;
}

/** What the command line asks for: all cells where it names none. What is not understood is told, and ends it. */
export function askedCells(args: readonly string[]): Asked {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { kernel: { type: 'string', default: '6.1' }, placebo: { type: 'boolean', default: false } },
    });
    const kernel = kernelNames.find((name) => name === values.kernel);
    if (kernel === undefined)
      throw new Error(`there is no kernel ${values.kernel}; there are: ${kernelNames.join(', ')}`);
    const named = positionals.map((name) => {
      if (isCellId(name)) return name;
      throw new Error(`there is no cell ${name}; there are:\n  ${cells.join('\n  ')}`);
    });
    return { cells: named.length === 0 ? cells : named, kernel, isPlacebo: values.placebo };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
