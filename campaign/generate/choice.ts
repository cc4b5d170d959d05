import { mechanismsFor, serviceOf } from '../../injectors/catalogue.ts';
import type { CellId } from '../../injectors/cell.ts';
import { unreachedVm, type Descriptor } from '../../injectors/descriptor.ts';
import type { Substitutes } from '../mechanism.ts';
import type { Place } from './place.ts';

type Choice = { readonly mechanism: Descriptor } | { readonly because: string };

/**
 * The first mechanism that serves a cell at a place, works on its hosts and needs nothing that a person has to tell; or why there is none; undefined where no
 * mechanism that is allowed serves the cell on such a thing at all.
 */
export function chooseFor(cell: CellId, place: Place, { allowSubstitute }: Substitutes): Choice | undefined {
  const serving = mechanismsFor(cell).filter((one) => serviceOf(one, cell)?.targets.includes(place.kind));
  const isSubstitute = (one: Descriptor): boolean => serviceOf(one, cell)?.substituteBecause !== undefined;
  const judged = serving.map((one) => ({ one, because: obstacle(one, place) ?? untold(one, place) }));
  const works = judged.filter(({ because }) => because === undefined).map(({ one }) => one);
  const mechanism = works.find((one) => allowSubstitute || !isSubstitute(one));
  if (mechanism !== undefined) return { mechanism };
  const [first] = judged;
  // Where only a substitute reaches such a thing, the fault is one of another thing.
  if (first === undefined || (serving.every(isSubstitute) && !allowSubstitute)) return undefined;
  const instead = works.map(({ name }) => name).join(', ');
  const hint =
    instead === ''
      ? ''
      : `only a substitute works there (${instead}), for which --allow-substitute is needed`;
  const why = first.because === undefined ? '' : `${first.one.name}: ${first.because}`;
  return { because: [why, hint].filter((part) => part !== '').join('; ') };
}

/** Why a mechanism that serves such a thing does not reach this one. */
export function obstacle(mechanism: Descriptor, place: Place): string | undefined {
  const { hosts, resources } = place;
  for (const { metFrom } of resources) {
    const unreached = metFrom && unreachedVm(mechanism, metFrom);
    if (unreached !== undefined) return unreached;
  }
  for (const { host, capabilities } of hosts) {
    const capability = capabilities.find((known) => known.mechanism === mechanism.name);
    if (capability === undefined) return 'its agent knows no such mechanism';
    if (!capability.supported)
      return hosts.length === 1 ? capability.reason : `on ${host}: ${capability.reason}`;
  }
  return unfitFor(mechanism, place);
}

/** What an agent would refuse only when the fault is staged. */
function unfitFor({ name }: Descriptor, { kind, resources }: Place): string | undefined {
  const isOfNetworks = /^(kernel-net|netem|nft|link)-/.test(name);
  if (kind === 'container' && isOfNetworks && resources.some(({ facts }) => facts?.['netns'] === undefined))
    return 'it has no network of its own';
  if (kind !== 'disk') return undefined;
  const needsScsi = name.startsWith('kernel-disk-') && name !== 'kernel-disk-corrupt';
  if (needsScsi && resources.some(({ facts }) => facts?.['scsi'] === undefined)) return 'it is no SCSI disk';
  if (name.startsWith('dm-') && resources.some((disk) => !disk.name.startsWith('dm-')))
    return 'it is no device of device mapper';
  return undefined;
}

/** What only a person can say, and the base file does not. */
function untold({ name }: Descriptor, { kind, resources }: Place): string | undefined {
  const isMachine = kind === 'host' || resources.some(({ metFrom }) => metFrom === 'within');
  const ask = (what: string): string => `needs to be told ${what}, by a fault of the base file`;
  if (isMachine && ['sigkill', 'kernel-enomem'].includes(name)) return ask('a process');
  if (name === 'kernel-panic') return ask('that it is meant');
  if (!/^(kernel-disk|dm)-/.test(name)) return undefined;
  if (kind === 'container') return ask('a directory, whose disk is meant');
  return isMachine ? ask('a disk') : undefined;
}
