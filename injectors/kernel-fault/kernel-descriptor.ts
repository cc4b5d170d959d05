import type { Domain, FaultType, Layer } from '../cell.ts';
import type { Descriptor } from '../descriptor.ts';
import type { TargetKind, VmSide } from '../target.ts';

type What<Parameters> = Pick<Descriptor<Parameters>, 'name' | 'summary' | 'parameters' | 'effectUnit'> &
  Partial<Pick<Descriptor<Parameters>, 'modes' | 'oneShot' | 'crashesHost' | 'rebootsAfterUs'>> & {
    readonly serves: `${Domain}.${FaultType}`;
    /** What it acts on; each belongs to a layer, and so tells the cell. */
    readonly on: readonly TargetKind[];
    /** By default from within: the kernel that the module is in is the one that has the fault. */
    readonly vmsMetFrom?: readonly VmSide[];
  };

/** What all faults have in common that one of Ordeal's kernel modules does. */
export function kernelDescriptor<Parameters>({
  serves,
  on,
  vmsMetFrom = ['within'],
  ...what
}: What<Parameters>): Descriptor<Parameters> {
  const layers = [...new Set(on.map(layerOf))];
  return {
    serves: layers.map((layer) => ({
      cell: `${layer}.${serves}`,
      targets: on.filter((kind) => layerOf(kind) === layer),
      ...(layer === 'virtual' && on.includes('vm') ? { vmsMetFrom } : {}),
    })),
    modes: ['permanent', 'probabilistic', 'oneIn', 'burst'],
    oneShot: false,
    kernelHolds: 'start and deadline',
    byKernelModule: true,
    ...what,
  };
}

function layerOf(kind: TargetKind): Layer {
  return kind === 'container' || kind === 'vm' ? 'virtual' : 'physical';
}
