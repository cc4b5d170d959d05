import { CgroupFreezeInjector } from './cgroup-freeze/injector.ts';
import { holdToContract } from './contract.ts';
import { CpuBurnInjector } from './cpu-burn/injector.ts';
import { CpuQuotaInjector } from './cpu-quota/injector.ts';
import { DiskFillInjector } from './disk-fill/injector.ts';
import { dmInjectors } from './dm/faults.ts';
import type { Injector } from './injector.ts';
import { IoBurnInjector } from './io-burn/injector.ts';
import { kernelCpuInjectors } from './kernel-cpu/injector.ts';
import { kernelDiskInjectors } from './kernel-disk/injector.ts';
import { kernelMemoryInjectors } from './kernel-memory/injector.ts';
import { kernelNetInjectors } from './kernel-net/injector.ts';
import { LinkSaturateInjector } from './link-saturate/injector.ts';
import { MemoryLimitInjector } from './memory-limit/injector.ts';
import { MemoryThrashInjector } from './memory-thrash/injector.ts';
import { netemInjectors } from './netem/injector.ts';
import { NftDropInjector } from './nft-drop/injector.ts';
import { noopInjector } from './noop/injector.ts';
import { diskFilterInjectors } from './qemu/disk-injector.ts';
import { VmLinkDownInjector } from './qemu/link-injector.ts';
import { pushInjectors } from './qemu/push-injector.ts';
import { VmRegistersInjector } from './qemu/registers-injector.ts';
import { VmStopInjector } from './qemu/stop-injector.ts';
import { SigkillInjector } from './sigkill/injector.ts';
import type { Held } from './storage/protected-disks.ts';
import type { OwnNic } from './vm/nic-of-vm.ts';

/** As long as it is not known what else the agent lives on. */
const root: Held = { path: '/', holds: "the host's root filesystem" };

/**
 * Every mechanism's acting half, by name, each held to the contract. An agent makes one set and keeps it: what an injector has
 * seen happen, and has not written into the kernel, is known to that one only. No filesystem is filled that has one of the `spared`
 * directories: where Ordeal keeps its own; one that is slowed says so. As long as that is not known, it may be the root. No disk is
 * touched, in the name of a container or a virtual machine, that has what is `held`, and of the agent's `ownNics` none that is protected.
 */
export function makeInjectors(
  spared: readonly string[] = ['/'],
  held: readonly Held[] = [root],
  ownNics: () => Promise<readonly OwnNic[]> = async () => await Promise.resolve([]),
): ReadonlyMap<string, Injector> {
  const injectors: readonly Injector[] = [
    noopInjector,
    new SigkillInjector(),
    new CgroupFreezeInjector(),
    new CpuQuotaInjector(),
    new CpuBurnInjector(),
    ...kernelCpuInjectors(),
    new MemoryLimitInjector(),
    new MemoryThrashInjector(),
    ...kernelMemoryInjectors(),
    ...kernelNetInjectors(ownNics),
    new NftDropInjector(),
    new LinkSaturateInjector(),
    ...netemInjectors(),
    ...kernelDiskInjectors(held),
    new DiskFillInjector(spared),
    new IoBurnInjector(spared),
    ...dmInjectors(held),
    new VmStopInjector(),
    ...pushInjectors(),
    new VmRegistersInjector(),
    new VmLinkDownInjector(),
    ...diskFilterInjectors(),
  ];
  return new Map(injectors.map((injector) => [injector.descriptor.name, holdToContract(injector)]));
}
