/** What a selector of a campaign names, before an agent has resolved it. */
export const targetKinds = ['host', 'nic', 'container', 'disk', 'vm'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** The target by something that outlives a restart of the thing that carries the name; only the agent of the host makes one. */
export type Target = HostTarget | NicTarget | ContainerTarget | DiskTarget;

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
