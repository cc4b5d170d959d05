import { serviceOf } from '../../injectors/catalogue.ts';
import type { CellId } from '../../injectors/cell.ts';
import type { Descriptor } from '../../injectors/descriptor.ts';
import type { Substitutes } from '../mechanism.ts';
import type { RootCause } from '../plan.ts';
import { rootCausesOf } from '../root-cause.ts';
import type { Asked } from './asked.ts';
import { chooseFor, obstacle } from './choice.ts';
import type { LeftOut } from './left-out.ts';
import { placeText, type Place } from './place.ts';
import { Names } from './short-name.ts';
import type { Template } from './template.ts';

/** An entry of a faultload, as its file has it. */
export type FaultEntry = { readonly name: string } & Readonly<Record<string, unknown>>;

interface Means {
  readonly asked: Asked;
  readonly templates: readonly Template[];
  readonly substitutes: Substitutes;
  readonly leftOut: LeftOut;
}

/** Each cell at each place, as far as a mechanism serves it there. */
export function faultsAt(places: readonly Place[], means: Means): FaultEntry[] {
  const names = new Names();
  return places.flatMap((place) =>
    means.asked.cells.flatMap((cell) =>
      actsOn(cell, place, means).flatMap(({ mechanism, said, part }) => {
        const { weight = 1, rootCause: own, ...more } = said;
        const causes = own === undefined ? rootCausesOf(cell) : [own as RootCause];
        const rootCause = causes.find((cause) => means.asked.rootCauses.includes(cause));
        if (rootCause === undefined) return [];
        const counts = Number(weight) * means.asked.weightOf(cell, rootCause);
        return {
          name: names.take(`${place.label}${part === undefined ? '' : `-${part}`}`, endingOf(cell)),
          cell,
          mechanism: mechanism.name,
          target: place.target,
          ...more,
          rootCause,
          ...(counts === 1 ? {} : { weight: counts }),
        };
      }),
    ),
  );
}

interface Act {
  readonly mechanism: Descriptor;
  readonly said: Readonly<Record<string, unknown>>;
  /** Which tap or drive of a machine. */
  readonly part?: string;
}

function actsOn(cell: CellId, place: Place, { templates, substitutes, leftOut }: Means): Act[] {
  const what = textOf(place);
  const told = templates.filter((one) => one.cell === cell && one.kind === place.kind);
  if (told.length === 0) {
    const choice = chooseFor(cell, place, substitutes);
    if (choice === undefined) return [];
    if ('mechanism' in choice)
      return partsOf(choice.mechanism, place).map((part) => ({ ...choice, ...part }));
    leftOut.add(what, choice.because, cell);
    return [];
  }
  return told.flatMap(({ mechanism, said }): Act[] => {
    const isRefused =
      serviceOf(mechanism, cell)?.substituteBecause !== undefined && !substitutes.allowSubstitute;
    const because = isRefused
      ? 'is a substitute, for which --allow-substitute is needed'
      : obstacle(mechanism, place);
    if (because === undefined) return [{ mechanism, said }];
    leftOut.add(what, `${mechanism.name}${isRefused ? ' ' : ': '}${because}`, cell);
    return [];
  });
}

/** A machine that is met from outside, with several taps or drives, has a fault for each. */
function partsOf({ name }: Descriptor, { kind, resources }: Place): Pick<Act, 'said' | 'part'>[] {
  const [{ facts, metFrom } = {}] = resources;
  const [key, fact] = /-net-/.test(name)
    ? ['interface', 'taps']
    : name === 'vm-link-down'
      ? ['network', 'networks']
      : /-disk-/.test(name)
        ? ['disk', 'disks']
        : ['', ''];
  const parts = kind === 'vm' && metFrom === 'outside' ? (facts?.[fact]?.split(' ') ?? []) : [];
  if (parts.length < 2) return [{ said: {} }];
  return parts.toSorted().map((part) => ({ said: { intensity: { [key]: part } }, part }));
}

function textOf({ target, hosts, kind, resources: [resource] }: Place): string {
  const on = hosts.map(({ host }) => host).join(', ');
  const { element } = target;
  return element === undefined ? placeText(kind, resource?.name ?? '', on) : `element ${element} (${on})`;
}

const short: Readonly<Record<string, string>> = {
  memory: 'mem',
  network: 'net',
  storage: 'disk',
  unavailability: 'out',
  delay: 'slow',
  corruption: 'wrong',
};

/** The layer is told by what it is on. */
function endingOf(cell: CellId): string {
  const [, domain = '', type = ''] = cell.split('.');
  return `-${short[domain] ?? domain}-${short[type] ?? type}`;
}
