import { cells, type CellId } from '../../injectors/cell.ts';

/** On what the fault model has a cell: the physical ones on a host, with its NICs and disks, the virtual ones on a container and on a VM. */
export const victimKinds = ['host', 'container', 'vm'] as const;
export type VictimKind = (typeof victimKinds)[number];

export interface Row {
  readonly cell: CellId;
  readonly on: VictimKind;
}

/** Every cell on every kind of victim that the fault model has it on: none of them may be missing. */
export const rows: readonly Row[] = victimKinds.flatMap((on) =>
  cells
    .filter((cell) => cell.startsWith(on === 'host' ? 'physical.' : 'virtual.'))
    .map((cell) => ({ cell, on })),
);
