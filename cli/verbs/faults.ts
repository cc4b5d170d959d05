import type { Command } from 'commander';
import { byKernelModule } from '../../campaign/mechanism.ts';
import { nearest } from '../../errors/nearest.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Cell__Output } from '../../proto/generated/ordeal/v1/Cell.ts';
import { withControl } from '../clients.ts';
import { mechanismInCell, mechanismText } from '../mechanism-text.ts';
import { outputOf, verb } from './verb.ts';

export function faultsVerb(): Command {
  return verb(
    'faults',
    'the 24 cells of the fault model, the mechanisms that serve each, and where they work; of one mechanism its parameters',
  )
    .argument('[cell or mechanism]', 'only this one; of a mechanism also units, ranges and defaults')
    .action(async (named: string | undefined, _options: unknown, command: Command) => {
      const { cells } = await withControl(async (control) => await control.listFaults({}));
      const meant = named === undefined ? cells : those(named, cells);
      const isMechanism = named !== undefined && !meant.some(({ id }) => id === named);
      outputOf(command).answer(meant.map(asData), () =>
        isMechanism ? mechanismText(meant.flatMap(services)) : meant.map(describeCell).join('\n'),
      );
    });
}

/** The cell of that name, or the cells that the mechanism of that name serves, with it alone. */
function those(named: string, cells: readonly Cell__Output[]): readonly Cell__Output[] {
  const byName = cells.filter(({ id }) => id === named);
  if (byName.length > 0) return byName;
  const served = cells
    .map(({ id, mechanisms }) => ({ id, mechanisms: mechanisms.filter(({ name }) => name === named) }))
    .filter(({ mechanisms }) => mechanisms.length > 0);
  if (served.length === 0) throw unknown(named, cells);
  return served;
}

/** What may be named as a mechanism and is in no cell's list. */
const specialNames: ReadonlyMap<string, string> = new Map([
  [byKernelModule, "it means the kernel module's own mechanism for a cell, whichever that is"],
  ['noop', 'it is a placebo without parameters, which takes the place of any mechanism'],
]);

/** Its parameters as a schema, not as the text of one. */
function asData({ id, mechanisms }: Cell__Output) {
  return {
    id,
    mechanisms: mechanisms.map((one) => ({ ...one, parameters: JSON.parse(one.parameters) as unknown })),
  };
}

function describeCell({ id, mechanisms }: Cell__Output): string {
  if (mechanisms.length === 0) return `${id}\n    no mechanism serves this cell`;
  return [id, ...mechanisms.map(mechanismInCell)].join('\n');
}

function services({ id, mechanisms }: Cell__Output) {
  return mechanisms.map((mechanism) => ({ cell: id, mechanism }));
}

function unknown(named: string, cells: readonly Cell__Output[]): OrdealError {
  const special = specialNames.get(named);
  if (special !== undefined) {
    return new OrdealError('NOT_FOUND', `"${named}" serves no cell of its own: ${special}`, {
      remedy: '`ordeal faults <cell>` lists the mechanisms that serve a cell.',
    });
  }
  const mechanisms = [...new Set(cells.flatMap((cell) => cell.mechanisms.map(({ name }) => name)))];
  const near = nearest(named, [...mechanisms, ...cells.map(({ id }) => id)]);
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  return new OrdealError('NOT_FOUND', `there is no cell and no mechanism "${named}"${meant}`, {
    remedy: `\`ordeal faults\` lists the cells. The mechanisms are ${mechanisms.join(', ')}.`,
  });
}
