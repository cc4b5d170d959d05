import { OrdealError } from '../errors/ordeal-error.ts';
import { nearest } from '../errors/nearest.ts';
import { descriptorOf, descriptors, mechanismsFor, serviceOf } from '../injectors/catalogue.ts';
import type { CellId } from '../injectors/cell.ts';
import { unreachedVm, type Descriptor } from '../injectors/descriptor.ts';
import type { TargetKind, VmSide } from '../injectors/target.ts';
import type { HostInventory } from './inventory.ts';
import type { TargetName } from './plan.ts';

/** So that a message names the key at fault. */
type Choice =
  | { readonly descriptor: Descriptor }
  | { readonly wrong: 'cell' | 'mechanism' | 'target'; readonly because: string };

/** Whether whoever asks accepts a mechanism that only stands in for the effect that the fault model asks for. */
export interface Substitutes {
  readonly allowSubstitute: boolean;
}

/** Named instead of a mechanism, it means the one of the kernel modules for the cell, whichever that is. */
export const byKernelModule = 'kernel';

/**
 * What serves a cell on a kind of target: the mechanism that was named, else the first of the cell's own in the catalogue. A
 * substitute is only ever chosen by name, and only where substitutes are allowed. The placebo takes the place of any.
 */
export function chooseMechanism(
  cell: CellId,
  named: string | undefined,
  kind: TargetKind,
  substitutes: Substitutes,
): Choice {
  if (named === byKernelModule) return kernelMechanism(cell, kind);
  if (named !== undefined) return namedMechanism(cell, named, kind, substitutes);
  const own = mechanismsFor(cell).filter((one) => serviceOf(one, cell)?.substituteBecause === undefined);
  const reaching = own.filter((one) => serviceOf(one, cell)?.targets.includes(kind));
  // Where a virtual machine is faulted in its own context, the fault is the one that the fault model asks for.
  const within =
    kind === 'vm' && reaching.find((one) => serviceOf(one, cell)?.vmsMetFrom?.includes('within'));
  const chosen = within || reaching[0];
  if (chosen !== undefined) return { descriptor: chosen };
  if (own.length > 0) {
    return { wrong: 'target', because: `is a ${kind}; ${own.map((one) => reach(one, cell)).join(', ')}` };
  }
  return {
    wrong: 'cell',
    because: `no mechanism serves ${cell} yet (\`ordeal faults\` shows which cells are served)`,
  };
}

/** The same for those who have no file to point into: throws INVALID_INPUT. */
export function mechanismFor(...asked: Parameters<typeof chooseMechanism>): Descriptor {
  const choice = chooseMechanism(...asked);
  if ('descriptor' in choice) return choice.descriptor;
  throw new OrdealError('INVALID_INPUT', `${choice.wrong}: ${choice.because}`);
}

/** Throws UNSUPPORTED, with the reason and the remedy, where the host of a target cannot do it. */
export function demandSupport(
  { cell, mechanism }: { readonly cell: CellId; readonly mechanism: string },
  targets: readonly TargetName[],
  inventory: readonly HostInventory[],
): void {
  for (const { host, kind, name } of targets) {
    const { capabilities = [], resources = [] } = inventory.find((known) => known.host === host) ?? {};
    const metFrom = resources.find((one) => one.kind === kind && one.name === name)?.metFrom;
    if (metFrom !== undefined)
      demandMeeting({ cell, mechanism }, `the vm "${name}" of host "${host}"`, metFrom);
    const capability = capabilities.find((known) => known.mechanism === mechanism);
    if (capability?.supported === true) continue;
    const reason = capability?.reason ?? 'its agent knows no such mechanism';
    const advice = capability?.remedy ?? 'Install the same version of Ordeal on every host.';
    const works = capabilities.filter(({ supported }) => supported).map((one) => one.mechanism);
    const instead = substitutesFor(cell, kind).filter(
      ({ name }) => name !== mechanism && works.includes(name),
    );
    const remedy =
      instead.length === 0
        ? advice
        : `${advice} Or use a substitute that works there (${list(instead)}): name it by mechanism and allow it by --allow-substitute.`;
    throw new OrdealError('UNSUPPORTED', `host "${host}" cannot do ${mechanism}: ${reason}`, { remedy });
  }
}

/** A virtual machine is met from one side, and not every mechanism reaches it from there. */
function demandMeeting(
  { cell, mechanism }: { readonly cell: CellId; readonly mechanism: string },
  vm: string,
  metFrom: VmSide,
): void {
  const descriptor = descriptorOf(mechanism);
  const unreached = descriptor && unreachedVm(descriptor, metFrom);
  if (unreached === undefined) return;
  const reaching = list(
    mechanismsFor(cell).filter((one) => serviceOf(one, cell)?.vmsMetFrom?.includes(metFrom)),
  );
  const remedy =
    reaching === ''
      ? `No mechanism serves ${cell} from there: choose the machine as its other side sees it.`
      : `Name one that does by mechanism (${reaching}), or choose the machine as its other side sees it.`;
  throw new OrdealError('UNSUPPORTED', `${vm}: ${unreached}`, { remedy });
}

function namedMechanism(
  cell: CellId,
  named: string,
  kind: TargetKind,
  { allowSubstitute }: Substitutes,
): Choice {
  const descriptor = descriptorOf(named);
  if (descriptor === undefined) return { wrong: 'mechanism', because: unknownMechanism(cell, named) };
  if (descriptor.serves.length === 0) return { descriptor };
  const service = serviceOf(descriptor, cell);
  if (service === undefined) {
    const serving = list(mechanismsFor(cell));
    const instead = serving === '' ? 'no mechanism serves that cell yet' : `these serve it: ${serving}`;
    return { wrong: 'mechanism', because: `is "${named}", which does not serve ${cell}; ${instead}` };
  }
  if (!service.targets.includes(kind))
    return { wrong: 'target', because: `is a ${kind}; ${reach(descriptor, cell)}` };
  if (service.substituteBecause !== undefined && !allowSubstitute)
    return { wrong: 'mechanism', because: substituteRefused(descriptor, cell, service.substituteBecause) };
  return { descriptor };
}

function unknownMechanism(cell: CellId, named: string): string {
  const serving = mechanismsFor(cell);
  const near = nearest(named, [...descriptors.map(({ name }) => name), byKernelModule]);
  const meant = near === undefined ? '' : ` (did you mean "${near}"?)`;
  const kernel = serving.some((one) => one.byKernelModule)
    ? `; "${byKernelModule}" is the kernel module's own`
    : '';
  return `there is no mechanism "${named}"${meant}; these serve ${cell}: ${list(serving)}${kernel}`;
}

function kernelMechanism(cell: CellId, kind: TargetKind): Choice {
  const modules = mechanismsFor(cell).filter((one) => one.byKernelModule);
  const chosen = modules.find((one) => serviceOf(one, cell)?.targets.includes(kind));
  if (chosen !== undefined) return { descriptor: chosen };
  if (modules.length > 0)
    return { wrong: 'target', because: `is a ${kind}; ${modules.map((one) => reach(one, cell)).join(', ')}` };
  const because = `is "${byKernelModule}", and no kernel module of Ordeal serves ${cell} yet; these serve it: ${list(mechanismsFor(cell))}`;
  return { wrong: 'mechanism', because };
}

function substitutesFor(cell: CellId, kind: TargetKind): readonly Descriptor[] {
  return mechanismsFor(cell).filter((one) => {
    const service = serviceOf(one, cell);
    return service?.substituteBecause !== undefined && service.targets.includes(kind);
  });
}

function substituteRefused({ name }: Descriptor, cell: CellId, because: string): string {
  const own = mechanismsFor(cell).filter((one) => serviceOf(one, cell)?.substituteBecause === undefined);
  const real = own.length === 0 ? 'No mechanism of Ordeal does that yet.' : `What does that: ${list(own)}.`;
  return `is "${name}", which only stands in for what the fault model asks for in ${cell}. ${because} ${real} To use it all the same, give --allow-substitute`;
}

function list(some: readonly Descriptor[]): string {
  return some.map((one) => one.name).join(', ');
}

function reach(descriptor: Descriptor, cell: CellId): string {
  return `${descriptor.name} reaches ${serviceOf(descriptor, cell)?.targets.join(' or ') ?? 'nothing'} for ${cell}`;
}
