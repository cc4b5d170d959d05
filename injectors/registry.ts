import { CgroupFreezeInjector } from './cgroup-freeze/injector.ts';
import { holdToContract } from './contract.ts';
import { CpuBurnInjector } from './cpu-burn/injector.ts';
import { CpuQuotaInjector } from './cpu-quota/injector.ts';
import { DiskFillInjector } from './disk-fill/injector.ts';
import type { Injector } from './injector.ts';
import { IoBurnInjector } from './io-burn/injector.ts';
import { LinkSaturateInjector } from './link-saturate/injector.ts';
import { MemoryLimitInjector } from './memory-limit/injector.ts';
import { MemoryThrashInjector } from './memory-thrash/injector.ts';
import { netemInjectors } from './netem/injector.ts';
import { NftDropInjector } from './nft-drop/injector.ts';
import { noopInjector } from './noop/injector.ts';
import { SigkillInjector } from './sigkill/injector.ts';

/**
 * Every mechanism's acting half, by name, each held to the contract. An agent makes one set and keeps it: what an injector has
 * seen happen, and has not written into the kernel, is known to that one only. No filesystem is filled that has one of the `spared`
 * directories: where Ordeal keeps its own; one that is slowed says so. As long as that is not known, it may be the root.
 */
export function makeInjectors(spared: readonly string[] = ['/']): ReadonlyMap<string, Injector> {
  const injectors: readonly Injector[] = [
    noopInjector,
    new SigkillInjector(),
    new CgroupFreezeInjector(),
    new CpuQuotaInjector(),
    new CpuBurnInjector(),
    new MemoryLimitInjector(),
    new MemoryThrashInjector(),
    new NftDropInjector(),
    new LinkSaturateInjector(),
    ...netemInjectors(),
    new DiskFillInjector(spared),
    new IoBurnInjector(spared),
  ];
  return new Map(injectors.map((injector) => [injector.descriptor.name, holdToContract(injector)]));
}
