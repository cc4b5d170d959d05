import type { Command } from 'commander';
import type { Cell__Output } from '../../proto/generated/ordeal/v1/Cell.ts';
import type { MechanismForCell__Output } from '../../proto/generated/ordeal/v1/MechanismForCell.ts';
import { withControl } from '../clients.ts';
import { outputOf, verb } from './verb.ts';

export function faultsVerb(): Command {
  return verb(
    'faults',
    'the 24 cells of the fault model, the mechanisms that serve each, and where they work',
  ).action(async (_options: unknown, command: Command) => {
    const { cells } = await withControl(async (control) => await control.listFaults({}));
    outputOf(command).answer(cells, () => cells.map(describeCell).join('\n'));
  });
}

function describeCell(cell: Cell__Output): string {
  if (cell.mechanisms.length === 0) return `${cell.id}\n    no mechanism serves this cell`;
  return [cell.id, ...cell.mechanisms.map(describeMechanism)].join('\n');
}

function describeMechanism(mechanism: MechanismForCell__Output): string {
  const substitute =
    mechanism.substituteBecause === '' ? '' : `\n        a substitute: ${mechanism.substituteBecause}`;
  const hosts = mechanism.hosts.map(({ host, capability }) =>
    capability === null || capability.supported
      ? `        ${host}: supported`
      : `        ${host}: not supported: ${capability.reason}. ${capability.remedy}`,
  );
  const on = `on ${mechanism.targetKinds.join(', ')}; ${mechanism.modes.join(', ')}`;
  return [`    ${mechanism.name}: ${mechanism.summary} (${on})${substitute}`, ...hosts].join('\n');
}
