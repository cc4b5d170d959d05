import type { Domain, FaultType } from '../cell.ts';
import type { Descriptor } from '../descriptor.ts';
import type { TargetKind } from '../target.ts';

type What<Parameters> = Pick<Descriptor<Parameters>, 'name' | 'summary' | 'parameters' | 'effectUnit'> &
  Partial<Pick<Descriptor<Parameters>, 'modes'>> & {
    readonly serves: `${Domain}.${FaultType}`;
    /** The resource of a host that it acts on; of a container, the one behind it. */
    readonly on: TargetKind;
  };

/** What all faults have in common that one of Ordeal's kernel modules does. */
export function kernelDescriptor<Parameters>({
  serves,
  on,
  ...what
}: What<Parameters>): Descriptor<Parameters> {
  return {
    serves: [
      { cell: `physical.${serves}`, targets: [on] },
      { cell: `virtual.${serves}`, targets: ['container'] },
    ],
    modes: ['permanent', 'probabilistic', 'oneIn', 'burst'],
    oneShot: false,
    kernelHolds: 'start and deadline',
    byKernelModule: true,
    ...what,
  };
}
