import { parseArgs } from 'node:util';
import { cells, isCellId, type CellId } from '../../injectors/cell.ts';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { victimKinds, type VictimKind } from './rows.ts';

interface Asked {
  readonly cells: readonly CellId[];
  /** The kinds of victims that are meant. */
  readonly on: readonly VictimKind[];
  readonly kernel: KernelName;
  readonly isPlacebo: boolean;
}

/** What the command line asks for: all cells, on victims of all kinds, where it names none. What is not understood is told, and ends it. */
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
    const on = victimKinds.filter((kind) => positionals.includes(kind));
    const named = positionals
      .filter((word) => !victimKinds.some((kind) => kind === word))
      .map((word) => {
        if (isCellId(word)) return word;
        throw new Error(
          `there is no cell ${word}; there are:\n  ${cells.join('\n  ')}\non ${victimKinds.join(', ')}`,
        );
      });
    return {
      cells: named.length === 0 ? cells : named,
      on: on.length === 0 ? victimKinds : on,
      kernel,
      isPlacebo: values.placebo,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
