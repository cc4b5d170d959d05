import type { CellId } from '../cell.ts';
import type { Descriptor } from '../descriptor.ts';

type What<Parameters> = Pick<Descriptor<Parameters>, 'name' | 'summary' | 'parameters' | 'effectUnit'> &
  Partial<Pick<Descriptor<Parameters>, 'oneShot'>> & { readonly serves: CellId };

/** What all faults have in common that QEMU is asked for, whose machine is met from outside. QEMU knows no time: it holds what it was told until it is told otherwise. */
export function qemuDescriptor<Parameters>({ serves, ...what }: What<Parameters>): Descriptor<Parameters> {
  return {
    serves: [{ cell: serves, targets: ['vm'], vmsMetFrom: ['outside'] }],
    modes: ['permanent'],
    oneShot: false,
    kernelHolds: 'nothing',
    ...what,
  };
}
