import { readFile, writeFile } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector, Support } from '../injector.ts';
import { KernelInjector, type Attributes, type KernelMechanism } from '../kernel-fault/injector.ts';
import { KernelModule } from '../kernel-fault/kernel-module.ts';
import { shareAsked } from '../kernel-fault/mode-attribute.ts';
import type { FaultStatus } from '../kernel-fault/status.ts';
import { isOnTargets, scopeAttributes } from '../kernel-tasks/scope.ts';
import { sparedAttributes } from '../kernel-tasks/spared.ts';
import { refuseBesideOrdeal } from '../ordeal-beside.ts';
import { isWholeMachine } from '../target.ts';
import { attributesOf } from './attributes.ts';
import { recordOfFlips } from './flips.ts';
import { kernelCpuHog, type KernelCpuHogParameters } from './hog-descriptor.ts';
import { kernelCpuOff } from './off-descriptor.ts';
import { kernelPanic } from './panic-descriptor.ts';
import {
  canBeTakenOff,
  chosenProcessors,
  formatCpuList,
  parseCpuList,
  processorsOn,
  refuseToTakeOff,
  switchOf,
} from './processors.ts';
import { kernelRegisters, type KernelRegistersParameters } from './registers-descriptor.ts';
import { remarkOf } from './remark.ts';

/** What the module ordeal_cpu does to processors, and to the programs on them. */
export function kernelCpuInjectors(): readonly Injector[] {
  const module = new KernelModule('ordeal_cpu');
  const injector = <Parameters>(
    mechanism: Omit<KernelMechanism<Parameters>, 'module' | 'kind' | 'isOn' | 'remarkOf'>,
  ): Injector<Parameters> =>
    new KernelInjector({ module, kind: 'cpu', isOn: isOnTargets, remarkOf, ...mechanism });
  return [
    injector({
      descriptor: kernelCpuOff,
      transfers: 'processors',
      supported: mayTakeOff,
      attributesOf: async ({ parameters: { cpus } }) => {
        const chosen = await chosenProcessors(cpus, (on) => on.slice(-1));
        await refuseToTakeOff(chosen);
        return { ...attributesOf.off(), cpus: formatCpuList(chosen) };
      },
      finish: bringBack,
    }),
    injector({
      descriptor: kernelPanic,
      transfers: 'crashes',
      attributesOf: async ({ parameters }) => {
        const attributes = attributesOf.panic(parameters);
        await refuseBesideOrdeal('a panic', 'would end with it');
        return attributes;
      },
    }),
    injector({
      descriptor: kernelCpuHog,
      transfers: 'periods',
      attributesOf: async ({ parameters }) => ({
        ...attributesOf.hog(parameters),
        cpus: formatCpuList(await chosenProcessors(parameters.cpus, (on) => on)),
      }),
      doseOf: hogDose,
    }),
    injector({
      descriptor: kernelRegisters,
      transfers: 'triggers',
      attributesOf: async (injection) => ({
        ...attributesOf.registers(injection.parameters),
        ...(await processorsOfTrigger(injection.parameters)),
        ...(await whoseRegisters(injection)),
        ...(await sparedAttributes()),
      }),
      doseOf: flipsDose,
      recordOf: recordOfFlips,
    }),
  ];
}

async function mayTakeOff(): Promise<Support> {
  const on = await processorsOn();
  for (const number of on) {
    if (on.length > 1 && (await canBeTakenOff(number))) return { supported: true };
  }
  return {
    supported: false,
    reason: `no processor of this machine can be taken off: those on are ${formatCpuList(on)}`,
    remedy: 'Give it a second processor, and a kernel with CONFIG_HOTPLUG_CPU.',
  };
}

/** Those that the kernel could not bring back when it was busy are not forgotten. */
async function bringBack({ lines }: FaultStatus): Promise<void> {
  for (const number of parseCpuList(lines['stuck'] ?? '') ?? []) {
    const file = switchOf(number);
    // Of one that is on by now, it is refused.
    await writeFile(file, '1').catch(() => undefined);
    if ((await readFile(file, 'utf8')).trim() === '1') continue;
    throw new OrdealError('REVERT_FAILED', `processor ${number} was taken off, and does not come back`, {
      remedy: `Look what the kernel says of it (dmesg); by hand: echo 1 > ${file}.`,
    });
  }
}

/** What the scheduler counted for the hogs, of the time that they had; where it counted no time, there is none. */
function hogDose(
  { lines }: FaultStatus,
  { parameters, mode }: Injection<KernelCpuHogParameters>,
): Effects['dose'] {
  const [wallNs, ranNs] = [Number(lines['wall_ns'] ?? 0), Number(lines['ran_ns'] ?? 0)];
  const processors = (lines['steal_permille'] ?? '').split(' ').length;
  if (wallNs === 0) return undefined;
  const asked = (parseInt(parameters.load, 10) / 100) * shareAsked(mode);
  return { unit: 'share of each processor', asked, achieved: ranNs / (wallNs * processors) };
}

/** Of the kernel itself: whatever it does just then, for whomever; else those of programs. */
async function whoseRegisters({
  target,
  parameters,
}: Injection<KernelRegistersParameters>): Promise<Attributes> {
  const { context, process } = parameters;
  if (context === 'kernel' && process === undefined && isWholeMachine(target)) return {};
  return await scopeAttributes(target, parameters);
}

/** Where their number was limited, that was the dose. */
function flipsDose(
  { effects }: FaultStatus,
  { parameters: { times } }: Injection<KernelRegistersParameters>,
): Effects['dose'] {
  return times === 0 ? undefined : { unit: 'flips', asked: times, achieved: effects };
}

async function processorsOfTrigger({
  cpus,
  trigger,
}: KernelRegistersParameters): Promise<{ cpus: string } | Record<string, never>> {
  if (cpus === undefined) return {};
  if (trigger !== 'timer' && trigger !== 'instructions') {
    throw new OrdealError(
      'INVALID_INPUT',
      `cpus: only of the triggers timer and instructions; found ${trigger}`,
    );
  }
  return { cpus: formatCpuList(await chosenProcessors(cpus, (on) => on)) };
}
