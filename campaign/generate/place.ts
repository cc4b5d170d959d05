import type { TargetKind } from '../../injectors/target.ts';
import { elementsIn } from '../element-check.ts';
import { targetsOf } from '../element.ts';
import type { HostInventory, InventoryResource } from '../inventory.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Asked } from './asked.ts';
import type { LeftOut } from './left-out.ts';

/** Where a fault of a generated faultload may go: a resource of a host, or an element that several share. */
export interface Place {
  /** What the names of its faults begin with. */
  readonly label: string;
  readonly kind: TargetKind;
  /** Where the mechanism has to work. */
  readonly hosts: readonly HostInventory[];
  /** As a campaign file says it. */
  readonly target: Readonly<Record<string, string>>;
  /** The one that it is; of an element, all that is attached to it. */
  readonly resources: readonly InventoryResource[];
}

/** Each resource of a host that a fault may go to. */
export function placesOn(host: HostInventory, asked: Asked, leftOut: LeftOut): Place[] {
  const own: InventoryResource = { kind: 'host', name: host.host };
  const listed = host.resources.filter(({ kind }) => kind === 'host');
  const resources = [...(listed.length === 0 ? [own] : listed), ...inOrder(host.resources)];
  return resources.flatMap((resource): Place[] => {
    const { kind, name } = resource;
    if (!asked.isMeantTarget(`${kind}/${name}`)) return [];
    const why = resource.protectedBecause;
    const because = why === undefined ? unfit(resource, host, asked) : `is protected: ${why}`;
    if (because !== undefined) {
      leftOut.add(placeText(kind, name, host.host), because);
      return [];
    }
    const target = { host: host.host, ...(kind === 'host' ? {} : { [kind]: name }) };
    const label = kind === 'host' || name === host.host ? host.host : `${host.host}-${name}`;
    return [{ label, kind, hosts: [host], target, resources: [resource] }];
  });
}

/** Each element of a file, given as it stands there. */
export function placesOfElements(
  elements: readonly unknown[],
  inventory: readonly HostInventory[],
  asked: Asked,
  leftOut: LeftOut,
): Place[] {
  return [...elementsIn({ elements }).values()].flatMap((element): Place[] => {
    const { name, kind } = element;
    if (!asked.isMeantTarget(`element/${name}`)) return [];
    try {
      const parts = targetsOf(element, inventory, 0);
      if (!parts.every(({ host }) => asked.isMeantHost(host))) return [];
      const hosts = inventory.filter((one) => parts.some(({ host }) => host === one.host));
      const resources = hosts.flatMap((one) =>
        one.resources.filter((resource) =>
          parts.some(
            (part) => part.host === one.host && part.kind === resource.kind && part.name === resource.name,
          ),
        ),
      );
      return [{ label: name, kind, hosts, target: { element: name }, resources }];
    } catch (error) {
      leftOut.add(`element ${name}`, OrdealError.from(error).message);
      return [];
    }
  });
}

export function placeText(kind: TargetKind, name: string, host: string): string {
  return kind === 'host' ? host : `${kind} ${name} of ${host}`;
}

function inOrder(resources: readonly InventoryResource[]): InventoryResource[] {
  const key = ({ kind, name }: InventoryResource): string => `${kind} ${name}`;
  return resources
    .filter(({ kind }) => kind !== 'host')
    .toSorted((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}

const notUp = ['down', 'lowerlayerdown', 'notpresent', 'dormant'];

/** Why a thing is no place of its own; undefined where it is one. */
function unfit({ kind, name, facts = {}, metFrom }: InventoryResource, host: HostInventory, asked: Asked) {
  const { state = '', device, container } = facts;
  if (kind === 'container' && state === 'empty') return 'is empty';
  if (kind === 'vm' && metFrom === 'within' && !asked.asksForVms)
    return `is the host itself, whose faults are those of the physical layer; --target "vm/*" has them in the virtual one`;
  if (kind !== 'nic') return undefined;
  if (notUp.includes(state)) return `is ${state}`;
  if (container !== undefined) return `leads to the container ${container}, whose faults are its own`;
  if (device === 'bridge') return 'is a bridge: its faults are those of what is attached to it';
  const machine = host.resources.find((one) => one.facts?.['taps']?.split(' ').includes(name) === true);
  return machine && `is a tap of the virtual machine ${machine.name}, whose faults are its own`;
}
