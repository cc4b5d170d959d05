import type { ProcessOfThisBoot } from '../procfs/identity.ts';

/** What a selector of a campaign names, before an agent has resolved it. */
export const targetKinds = ['host', 'nic', 'container', 'disk', 'vm'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** What becomes of a fault on a container when that goes before the fault has ended: it ends with it, or goes on on the one that takes its place. */
export const onRestarts = ['end', 'follow'] as const;
export type OnRestart = (typeof onRestarts)[number];

/** The target by something that outlives a restart of the thing that carries the name; only the agent of the host makes one. */
export type Target = HostTarget | NicTarget | ContainerTarget | DiskTarget | VmTarget;

/** From where a virtual machine is met: by an agent in it, or by one on the machine that runs it. */
export const vmSides = ['within', 'outside'] as const;
export type VmSide = (typeof vmSides)[number];

interface OnHost {
  readonly host: string;
  readonly bootId: string;
}

export interface HostTarget extends OnHost {
  readonly kind: 'host';
}

export interface NicTarget extends OnHost {
  readonly kind: 'nic';
  readonly name: string;
  /** The inode of the network namespace; with the index it names the interface, whatever it is called later. */
  readonly netns: number;
  readonly ifindex: number;
}

export interface ContainerTarget extends OnHost {
  readonly kind: 'container';
  readonly name: string;
  /** The path below the root of each cgroup hierarchy, without a leading slash. */
  readonly cgroup: string;
  /** The inode of that directory in the v2 hierarchy (or in the freezer's, where there is none): the cgroup's id. */
  readonly cgroupId: number;
  /** The network namespace of the container's init; absent where it shares the host's. */
  readonly netns?: number;
  /** Its init, whose end is the end of the container; absent where it is one only because its cgroup is said to be: that outlives what runs in it. */
  readonly init?: Readonly<ProcessOfThisBoot>;
}

export interface DiskTarget extends OnHost {
  readonly kind: 'disk';
  readonly name: string;
  /** What it is by itself, by a WWN or a serial number ("wwn naa.5000c500a1b2c3d4"); where it has none, where it is attached ("path pci0000:00/..."). */
  readonly identity: string;
  /** major:minor, which names it to the block layer. */
  readonly number: string;
  /** Host:channel:target:LUN, which names it to the SCSI layer; absent where it is not SCSI. */
  readonly scsi?: string;
}

export type VmTarget = VmFromWithin | VmFromOutside;

/** The machine that the agent itself runs in: its boot is its identity, and all that is in it is in reach. */
export interface VmFromWithin extends OnHost {
  readonly kind: 'vm';
  readonly metFrom: 'within';
  readonly name: string;
  /** The network namespace that its own NICs are in. */
  readonly netns: number;
}

/** The process that runs it, on the agent's host; a machine that was started anew under the same name is another. */
export interface VmFromOutside extends OnHost {
  readonly kind: 'vm';
  readonly metFrom: 'outside';
  readonly name: string;
  readonly pid: number;
  readonly startTicks: number;
  /** As it was given to QEMU; absent where it was given none. */
  readonly uuid?: string;
  /** As those of a container, where the process shares its cgroup with no other. */
  readonly cgroup?: string;
  readonly cgroupId?: number;
}

/** Whether it is about everything in the kernel that the agent runs on. */
export function isWholeMachine(target: Target): target is HostTarget | VmFromWithin {
  return target.kind === 'host' || (target.kind === 'vm' && target.metFrom === 'within');
}
