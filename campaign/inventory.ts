import { targetKinds, vmSides, type VmSide } from '../injectors/target.ts';
import type { TargetName } from './plan.ts';

/** What a host told about itself: what a plan may choose from. */
export interface HostInventory {
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly resources: readonly InventoryResource[];
  readonly capabilities: readonly InventoryCapability[];
}

export interface InventoryResource extends Pick<TargetName, 'kind' | 'name'> {
  /** Why no fault may go there; absent where one may. */
  readonly protectedBecause?: string;
  /** What its agent tells of it, such as the image of a container. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Of a virtual machine, as its facts say it. */
  readonly metFrom?: VmSide;
  /**
   * What it shares with others, of its host or of another: `wwn naa.5000c500a1b2c3d4`, the name of a disk for the whole world; `iscsi iqn.2003-01.org.example:store`,
   * the target that a disk comes from; `bridge br0`, which a NIC is a port of. Absent where nothing is known.
   */
  readonly partOf?: readonly string[];
}

export interface InventoryCapability {
  readonly mechanism: string;
  readonly supported: boolean;
  readonly reason: string;
  readonly remedy: string;
}

/** What an agent says of its host, as it comes over the API. */
interface Told {
  readonly labels: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly kind: string;
    readonly name: string;
    readonly facts: Readonly<Record<string, string>>;
    readonly protectedBecause: string;
    readonly partOf: readonly string[];
  }[];
  readonly capabilities: readonly InventoryCapability[];
}

export function inventoryOf(host: string, { labels, resources, capabilities }: Told): HostInventory {
  return {
    host,
    labels,
    resources: resources.flatMap(
      ({ kind: found, name, facts, protectedBecause, partOf }): InventoryResource[] => {
        // What a newer agent knows of and this version does not, no plan can choose.
        const kind = targetKinds.find((known) => known === found);
        if (kind === undefined) return [];
        const metFrom = vmSides.find((side) => side === facts['metFrom']);
        return [
          {
            kind,
            name,
            facts,
            partOf,
            ...(protectedBecause === '' ? {} : { protectedBecause }),
            ...(kind === 'vm' && metFrom !== undefined ? { metFrom } : {}),
          },
        ];
      },
    ),
    capabilities,
  };
}
