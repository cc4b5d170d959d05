import { OrdealError } from '../errors/ordeal-error.ts';
import { descriptorOf, mechanismsFor, serviceOf } from '../injectors/catalogue.ts';
import type { CellId } from '../injectors/cell.ts';
import type { Descriptor } from '../injectors/descriptor.ts';
import type { TargetKind } from '../injectors/target.ts';
import type { HostInventory } from './inventory.ts';
import type { TargetName } from './plan.ts';

/** So that a message names the key at fault. */
type Choice =
  | { readonly descriptor: Descriptor }
  | { readonly wrong: 'cell' | 'mechanism' | 'target'; readonly because: string };

/**
 * What serves a cell on a kind of target: the mechanism that was named, else the first of the cell's own in the catalogue. A
 * substitute is only ever chosen by name. The placebo takes the place of any.
 */
export function chooseMechanism(cell: CellId, named: string | undefined, kind: TargetKind): Choice {
  const serving = mechanismsFor(cell);
  const list = (some: readonly Descriptor[]): string => some.map((one) => one.name).join(', ');
  if (named !== undefined) return namedMechanism(cell, named, kind, list(serving));
  const own = serving.filter((one) => serviceOf(one, cell)?.substituteBecause === undefined);
  const chosen = own.find((one) => serviceOf(one, cell)?.targets.includes(kind));
  if (chosen !== undefined) return { descriptor: chosen };
  if (own.length > 0) {
    return { wrong: 'target', because: `is a ${kind}; ${own.map((one) => reach(one, cell)).join(', ')}` };
  }
  if (serving.length > 0) {
    const because = `nothing here does what the fault model asks for in ${cell}; to use a substitute, name it by mechanism: ${list(serving)}`;
    return { wrong: 'cell', because };
  }
  return {
    wrong: 'cell',
    because: `no mechanism serves ${cell} yet (\`ordeal faults\` shows which cells are served)`,
  };
}

/** The same for those who have no file to point into: throws INVALID_INPUT. */
export function mechanismFor(cell: CellId, named: string | undefined, kind: TargetKind): Descriptor {
  const choice = chooseMechanism(cell, named, kind);
  if ('descriptor' in choice) return choice.descriptor;
  throw new OrdealError('INVALID_INPUT', `${choice.wrong}: ${choice.because}`);
}

/** Throws UNSUPPORTED, with the reason and the remedy, where the host of a target cannot do it. */
export function demandSupport(
  mechanism: string,
  targets: readonly TargetName[],
  inventory: readonly HostInventory[],
): void {
  for (const host of new Set(targets.map((target) => target.host))) {
    const capability = inventory
      .find((known) => known.host === host)
      ?.capabilities.find((known) => known.mechanism === mechanism);
    if (capability?.supported === true) continue;
    const reason = capability?.reason ?? 'its agent knows no such mechanism';
    const remedy = capability?.remedy ?? 'Install the same version of Ordeal on every host.';
    throw new OrdealError('UNSUPPORTED', `host "${host}" cannot do ${mechanism}: ${reason} (${remedy})`, {
      remedy,
    });
  }
}

function namedMechanism(cell: CellId, named: string, kind: TargetKind, serving: string): Choice {
  const descriptor = descriptorOf(named);
  if (descriptor === undefined) return { wrong: 'mechanism', because: `there is no mechanism "${named}"` };
  if (descriptor.serves.length === 0) return { descriptor };
  const service = serviceOf(descriptor, cell);
  if (service === undefined) {
    const instead = serving === '' ? 'no mechanism serves that cell yet' : `these serve it: ${serving}`;
    return { wrong: 'mechanism', because: `is "${named}", which does not serve ${cell}; ${instead}` };
  }
  if (!service.targets.includes(kind))
    return { wrong: 'target', because: `is a ${kind}; ${reach(descriptor, cell)}` };
  return { descriptor };
}

function reach(descriptor: Descriptor, cell: CellId): string {
  return `${descriptor.name} reaches ${serviceOf(descriptor, cell)?.targets.join(' or ') ?? 'nothing'} for ${cell}`;
}
