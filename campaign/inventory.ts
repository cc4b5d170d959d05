import type { VmSide } from '../injectors/target.ts';
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
}

export interface InventoryCapability {
  readonly mechanism: string;
  readonly supported: boolean;
  readonly reason: string;
  readonly remedy: string;
}
