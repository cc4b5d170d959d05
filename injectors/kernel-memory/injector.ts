import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector } from '../injector.ts';
import { KernelInjector, type KernelMechanism } from '../kernel-fault/injector.ts';
import { KernelModule } from '../kernel-fault/kernel-module.ts';
import type { FaultStatus } from '../kernel-fault/status.ts';
import { isOnTargets, scopeAttributes } from '../kernel-tasks/scope.ts';
import { sparedAttributes } from '../kernel-tasks/spared.ts';
import { refuseBesideOrdeal } from '../ordeal-beside.ts';
import { isWholeMachine } from '../target.ts';
import { attributesOf } from './attributes.ts';
import { kernelMemoryCorrupt, type KernelMemoryCorruptParameters } from './corrupt-descriptor.ts';
import { recordOfCorruptions } from './corruptions.ts';
import { kernelEnomem, type KernelEnomemParameters } from './enomem-descriptor.ts';
import { floorIn, readMeminfo } from './floor.ts';
import { kernelMemoryHog } from './hog-descriptor.ts';
import { remarkOf } from './remark.ts';

/** What the module ordeal_memory does to the memory of a host, and of the programs on it. */
export function kernelMemoryInjectors(): readonly Injector[] {
  const module = new KernelModule('ordeal_memory');
  const injector = <Parameters>(
    mechanism: Omit<KernelMechanism<Parameters>, 'module' | 'kind' | 'isOn' | 'remarkOf'>,
  ): Injector<Parameters> =>
    new KernelInjector({ module, kind: 'memory', isOn: isOnTargets, remarkOf, ...mechanism });
  return [
    injector({
      descriptor: kernelMemoryHog,
      transfers: 'pages',
      attributesOf: async ({ parameters }) => {
        await refuseBesideOrdeal('a hog of its memory', 'would miss it, too');
        return attributesOf.hog(parameters, floorIn(parameters.floor, await readMeminfo()));
      },
      doseOf: hogDose,
    }),
    injector({
      descriptor: kernelEnomem,
      transfers: 'requests for memory',
      attributesOf: async (injection) => {
        refuseAllOfHost(injection);
        return {
          ...attributesOf.enomem(),
          ...(await scopeAttributes(injection.target, injection.parameters)),
          ...(await sparedAttributes()),
        };
      },
    }),
    injector({
      descriptor: kernelMemoryCorrupt,
      transfers: 'triggers',
      attributesOf: async ({ target, parameters }) => ({
        ...attributesOf.corrupt(parameters),
        ...(await scopeAttributes(target, parameters)),
        ...(await sparedAttributes()),
      }),
      doseOf: corruptionsDose,
      recordOf: recordOfCorruptions,
    }),
  ];
}

/** A host of which no program gets memory any more cannot be reached, either, by whoever would end it. */
function refuseAllOfHost({ target, parameters: { process } }: Injection<KernelEnomemParameters>): void {
  if (!isWholeMachine(target) || process !== undefined) return;
  throw new OrdealError(
    'INVALID_INPUT',
    'process: is not given; on a host it has to be one process that is refused',
    {
      remedy:
        'Name the process, or a container as the target; kernel-memory-hog takes memory from all of the host.',
    },
  );
}

/** How little was left at the least. */
function hogDose({ lines }: FaultStatus): Effects['dose'] {
  const achieved = Number(lines['available_least_bytes'] ?? 0);
  if (achieved === 0) return undefined;
  return { unit: 'bytes left to programs', asked: Number(lines['floor_bytes']), achieved };
}

/** Where their number was limited, that was the dose. */
function corruptionsDose(
  { effects }: FaultStatus,
  { parameters: { times } }: Injection<KernelMemoryCorruptParameters>,
): Effects['dose'] {
  return times === 0 ? undefined : { unit: 'corruptions', asked: times, achieved: effects };
}
