import type { CellId } from './cell.ts';
import { cgroupFreeze } from './cgroup-freeze/descriptor.ts';
import { cpuBurn } from './cpu-burn/descriptor.ts';
import { cpuQuota } from './cpu-quota/descriptor.ts';
import type { Descriptor } from './descriptor.ts';
import { diskFill } from './disk-fill/descriptor.ts';
import { dmDelay } from './dm/delay-descriptor.ts';
import { dmError } from './dm/error-descriptor.ts';
import { dmFlakey } from './dm/flakey-descriptor.ts';
import { ioBurn } from './io-burn/descriptor.ts';
import { kernelCpuHog } from './kernel-cpu/hog-descriptor.ts';
import { kernelCpuOff } from './kernel-cpu/off-descriptor.ts';
import { kernelPanic } from './kernel-cpu/panic-descriptor.ts';
import { kernelRegisters } from './kernel-cpu/registers-descriptor.ts';
import { kernelDiskCorrupt } from './kernel-disk/corrupt-descriptor.ts';
import { kernelDiskDelay } from './kernel-disk/delay-descriptor.ts';
import { kernelDiskError } from './kernel-disk/error-descriptor.ts';
import { kernelDiskReadOnly } from './kernel-disk/read-only-descriptor.ts';
import { kernelDiskUnavailable } from './kernel-disk/unavailable-descriptor.ts';
import { kernelMemoryCorrupt } from './kernel-memory/corrupt-descriptor.ts';
import { kernelEnomem } from './kernel-memory/enomem-descriptor.ts';
import { kernelMemoryHog } from './kernel-memory/hog-descriptor.ts';
import { kernelNetCorrupt } from './kernel-net/corrupt-descriptor.ts';
import { kernelNetDelay } from './kernel-net/delay-descriptor.ts';
import { kernelNetDrop } from './kernel-net/drop-descriptor.ts';
import { kernelNetDuplicate } from './kernel-net/duplicate-descriptor.ts';
import { kernelNetReorder } from './kernel-net/reorder-descriptor.ts';
import { linkSaturate } from './link-saturate/descriptor.ts';
import { memoryLimit } from './memory-limit/descriptor.ts';
import { memoryThrash } from './memory-thrash/descriptor.ts';
import { netemCorrupt } from './netem/corrupt-descriptor.ts';
import { netemDelay } from './netem/delay-descriptor.ts';
import { vmDiskDelay } from './qemu/disk-delay-descriptor.ts';
import { vmDiskError } from './qemu/disk-error-descriptor.ts';
import { vmLinkDown } from './qemu/link-descriptor.ts';
import { vmNmi } from './qemu/nmi-descriptor.ts';
import { vmRegisters } from './qemu/registers-descriptor.ts';
import { vmReset } from './qemu/reset-descriptor.ts';
import { vmStop } from './qemu/stop-descriptor.ts';
import { nftDrop } from './nft-drop/descriptor.ts';
import { noop } from './noop/descriptor.ts';
import { sigkill } from './sigkill/descriptor.ts';

/** Every mechanism there is, by what can be known of it without the means to act. */
export const descriptors: readonly Descriptor[] = [
  noop,
  sigkill,
  cgroupFreeze,
  cpuQuota,
  cpuBurn,
  kernelCpuOff,
  kernelPanic,
  kernelCpuHog,
  kernelRegisters,
  vmStop,
  vmReset,
  vmNmi,
  vmRegisters,
  memoryLimit,
  memoryThrash,
  kernelMemoryHog,
  kernelEnomem,
  kernelMemoryCorrupt,
  kernelNetDrop,
  kernelNetDelay,
  kernelNetCorrupt,
  kernelNetDuplicate,
  kernelNetReorder,
  vmLinkDown,
  nftDrop,
  linkSaturate,
  netemDelay,
  netemCorrupt,
  kernelDiskUnavailable,
  kernelDiskError,
  kernelDiskReadOnly,
  kernelDiskDelay,
  kernelDiskCorrupt,
  vmDiskError,
  vmDiskDelay,
  diskFill,
  ioBurn,
  dmError,
  dmDelay,
  dmFlakey,
];

export function descriptorOf(name: string): Descriptor | undefined {
  return descriptors.find((descriptor) => descriptor.name === name);
}

/**
 * The mechanisms made for a cell; those that only stand in for what the fault model asks for come last, and are used only
 * when asked for by name. The placebo, which can take the place of any, is not among them.
 */
export function mechanismsFor(cell: CellId): readonly Descriptor[] {
  const serving = descriptors.filter((descriptor) => serviceOf(descriptor, cell) !== undefined);
  const standsIn = (descriptor: Descriptor): number =>
    serviceOf(descriptor, cell)?.substituteBecause === undefined ? 0 : 1;
  return serving.toSorted((one, other) => standsIn(one) - standsIn(other));
}

/** How a mechanism serves a cell; undefined where it does not. */
export function serviceOf(descriptor: Descriptor, cell: CellId): Descriptor['serves'][number] | undefined {
  return descriptor.serves.find((service) => service.cell === cell);
}
