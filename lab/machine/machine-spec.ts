import type { Bootable } from '../image/bootable.ts';

export type Accelerator = 'kvm' | 'tcg';

export interface MachineSpec {
  /** nfvi-1 .. */
  readonly name: string;
  /** From 1; its addresses end with it. */
  readonly number: number;
  /** Its own: disks, sockets, logs. */
  readonly directory: string;
  readonly boots: Bootable;
  readonly accelerator: Accelerator;
  readonly cpus?: number;
  readonly memoryMiB?: number;
  /** The socket of the lab's switch; without it the data network ends at the NIC. */
  readonly dataNetwork?: string;
  /** More for the kernel's command line. */
  readonly kernelArguments?: readonly string[];
  /** Killed by the kernel together with whoever starts it, as the tests want it. */
  readonly endsWithItsStarter?: boolean;
}
