import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Injection } from '../injector.ts';

/** An interface of the network namespace that the agent is in. */
export interface OwnNic {
  readonly name: string;
  readonly ifindex: number;
  /** Whether a device is behind it, as of a NIC that the machine was given; not so of a bridge or a veth that was made in it. */
  readonly isDevice: boolean;
  readonly protectedBecause?: string;
}

/** Those of a machine: its own NICs seen from within, its taps seen from outside. */
export interface NicsOfVm {
  readonly vm: string;
  readonly netns: number;
  readonly nics: readonly OwnNic[];
}

/** The interface of a virtual machine that an injection is about: the one that is named, or the only one that a fault may go to. */
export function nicOfVm(
  { vm, netns, nics }: NicsOfVm,
  { interface: named }: Injection<{ interface?: string | undefined }>['parameters'],
): { readonly netns: number; readonly ifindex: number } {
  const fitting = nics.filter((nic) =>
    named === undefined ? nic.isDevice && nic.protectedBecause === undefined : nic.name === named,
  );
  const [only, ...others] = fitting;
  if (only === undefined || others.length > 0) {
    const wanted =
      named === undefined ? 'not exactly one NIC that is open to faults' : `no interface "${named}"`;
    throw new OrdealError('NO_TARGET', `the virtual machine ${vm} has ${wanted}; it has: ${listed(nics)}`, {
      remedy: 'Name the interface by the parameter "interface".',
    });
  }
  if (only.protectedBecause === undefined) return { netns, ifindex: only.ifindex };
  throw new OrdealError(
    'PROTECTED_TARGET',
    `the interface ${only.name} of the virtual machine ${vm} is protected: ${only.protectedBecause}`,
    { remedy: 'Give the machine a NIC beside the one that Ordeal is reached by, and name that.' },
  );
}

function listed(nics: readonly OwnNic[]): string {
  const told = nics.map(({ name, protectedBecause }) =>
    protectedBecause === undefined ? name : `${name} (protected)`,
  );
  return told.length === 0 ? 'none' : told.join(', ');
}
