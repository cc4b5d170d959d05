import type { Container } from './inventory/containers.ts';
import type { Peer } from './inventory/management.ts';
import type { HostedVm } from './inventory/vms.ts';

/** Why no fault may go to a container, or undefined where one may. Of interfaces, see ManagementNics. */
export function containerProtectedBecause(
  container: Container,
  ownProcesses: ReadonlySet<number>,
): string | undefined {
  if (container.pids.has(process.pid)) return 'it holds the agent of this host';
  for (const pid of container.pids) {
    if (ownProcesses.has(pid)) return `it holds process ${pid}, which belongs to Ordeal`;
  }
  // A freeze of it would be a freeze of the machine, with the agent waiting for init.
  if (container.pids.has(1)) return "it holds the host's init";
  return undefined;
}

/** The same of a virtual machine that this host runs: what runs in it cannot be seen from here, but for whom its agent talks to. */
export function vmProtectedBecause(
  { qemu }: Pick<HostedVm, 'qemu'>,
  ownProcesses: ReadonlySet<number>,
  peersByMac: ReadonlyMap<string, Peer>,
): string | undefined {
  if (ownProcesses.has(qemu.pid)) return 'its QEMU belongs to Ordeal';
  const peer = qemu.macs.map((mac) => peersByMac.get(mac)).find((one) => one !== undefined);
  return peer && `the ${peer.role} at ${peer.host} runs in it`;
}
