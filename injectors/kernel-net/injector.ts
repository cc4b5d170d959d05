import type { Descriptor } from '../descriptor.ts';
import type { Injection, Injector } from '../injector.ts';
import { KernelInjector, type Attributes } from '../kernel-fault/injector.ts';
import { KernelModule } from '../kernel-fault/kernel-module.ts';
import { namespacesOf, ownNamespace } from '../network-namespace.ts';
import { deviceOf } from '../nft-drop/device.ts';
import type { PacketFilter } from '../packet-filter.ts';
import { tapNicsOf } from '../qemu/tap.ts';
import { nicOfVm, type NicsOfVm, type OwnNic } from '../vm/nic-of-vm.ts';
import type { VmTarget } from '../target.ts';
import { attributesOf, filterAttributes } from './attributes.ts';
import { kernelNetCorrupt } from './corrupt-descriptor.ts';
import { kernelNetDelay } from './delay-descriptor.ts';
import { kernelNetDrop } from './drop-descriptor.ts';
import { kernelNetDuplicate } from './duplicate-descriptor.ts';
import { remarkOf } from './remark.ts';
import { kernelNetReorder } from './reorder-descriptor.ts';

type FrameParameters = PacketFilter & {
  readonly direction: 'in' | 'out' | 'both';
  readonly interface?: string | undefined;
};

/** What the module ordeal_net does to the frames of one interface. `ownNics` tells those of the agent's machine. */
export function kernelNetInjectors(ownNics: () => Promise<readonly OwnNic[]>): readonly Injector[] {
  const module = new KernelModule('ordeal_net');
  const injector = <Parameters extends FrameParameters>(
    descriptor: Descriptor<Parameters>,
    effect: (parameters: Parameters) => Attributes,
  ): Injector<Parameters> =>
    new KernelInjector({
      descriptor,
      module,
      kind: 'net',
      transfers: 'frames',
      attributesOf: async (injection) => ({
        ...(await placeOf(injection, ownNics)),
        ...effect(injection.parameters),
        direction: injection.parameters.direction,
        ...filterAttributes(injection.parameters),
      }),
      isOn: async (fault, targets) => (await namespacesOf(targets)).has(Number(await fault.read('netns'))),
      remarkOf,
    });
  return [
    injector(kernelNetDrop, attributesOf.drop),
    injector(kernelNetDelay, attributesOf.delay),
    injector(kernelNetCorrupt, attributesOf.corrupt),
    injector(kernelNetDuplicate, attributesOf.duplicate),
    injector(kernelNetReorder, attributesOf.reorder),
  ];
}

/** By numbers that outlive a change of its name. */
async function placeOf(
  injection: Injection<FrameParameters>,
  ownNics: () => Promise<readonly OwnNic[]>,
): Promise<Attributes> {
  const { target, parameters } = injection;
  if (target.kind === 'vm') return { ...nicOfVm(await nicsOf(target, await ownNics()), parameters) };
  const { netns, ifindex } = await deviceOf(injection);
  return { netns, ifindex };
}

async function nicsOf(target: VmTarget, nics: readonly OwnNic[]): Promise<NicsOfVm> {
  if (target.metFrom === 'within') return { vm: target.name, netns: target.netns, nics };
  return await tapNicsOf(target, nics, await ownNamespace());
}
