import { OrdealError } from '../../errors/ordeal-error.ts';
import type { HostInventory } from '../inventory.ts';
import type { Substitutes } from '../mechanism.ts';
import { readCampaign } from '../read.ts';
import { selectHost } from '../select.ts';
import { parseYamlText } from '../yaml-text.ts';
import type { Asked } from './asked.ts';
import { faultsAt, type FaultEntry } from './faults.ts';
import { faultloadLines } from './faultload-lines.ts';
import { LeftOut } from './left-out.ts';
import { placesOfElements, placesOn } from './place.ts';
import { replaceKeys } from './replace-keys.ts';
import { sharedElements } from './shared-elements.ts';
import { templatesOf } from './template.ts';

/** The file that says all but the faultload. */
export interface Base {
  readonly text: string;
  readonly name: string;
}

/** The hosts that are here, and why some that one might look for have no faults. */
export interface Surroundings {
  readonly inventory: readonly HostInventory[];
  readonly unusable: ReadonlyMap<string, string>;
}

interface Generated {
  readonly text: string;
  readonly faults: readonly FaultEntry[];
  readonly leftOut: readonly string[];
}

/** The base file with a faultload of each cell on each resource that a mechanism serves. The same base, hosts and wishes give the same text. */
export function generateCampaign(
  base: Base,
  { inventory, unusable }: Surroundings,
  asked: Asked,
  substitutes: Substitutes,
): Generated {
  const campaign = readCampaign(base.text, base.name, { allowSubstitute: true });
  const value = valueOf(base.text);
  const leftOut = new LeftOut();
  const load = selectHost(campaign.workload.host, inventory);
  const out = new Map([...unusable, [load, 'sends the load']]);
  for (const [host, because] of out) if (asked.isMeantHost(host)) leftOut.add(host, because);
  const hosts = inventory
    .filter(({ host }) => !out.has(host))
    .toSorted((one, other) => (one.host < other.host ? -1 : 1));
  const meant = hosts.filter(({ host }) => asked.isMeantHost(host));
  const found = value.elements === undefined ? sharedElements(hosts) : [];
  const elements = value.elements ?? found;
  const places = [
    ...meant.flatMap((host) => placesOn(host, asked, leftOut)),
    ...placesOfElements(elements, inventory, asked, leftOut),
  ];
  const templates = templatesOf(campaign, value);
  const faults = faultsAt(places, { asked, templates, substitutes, leftOut });
  if (value.combinations !== undefined)
    leftOut.add('combinations', 'they named faults of the base file, which are gone');
  if (faults.length === 0) throw nothingFound(leftOut.lines);
  const used = found.filter(({ name }) =>
    faults.some(({ target }) => (target as { readonly element?: unknown }).element === name),
  );
  const lines = faultloadLines({
    hosts: meant.map(({ host }) => host),
    elements: used,
    faults,
    leftOut: leftOut.lines,
  });
  const text = replaceKeys(base.text, { at: 'faultload', gone: ['combinations'], lines });
  return { text, faults, leftOut: leftOut.lines };
}

interface Value {
  readonly elements?: readonly unknown[];
  readonly combinations?: unknown;
}

function valueOf(text: string): Value {
  const located = parseYamlText(text, 'campaign file');
  return 'problems' in located ? {} : (located.value as Value);
}

function nothingFound(leftOut: readonly string[]): OrdealError {
  const why = leftOut.length === 0 ? ['no host has what was asked for'] : leftOut;
  return new OrdealError('NO_TARGET', ['there is nothing that a fault could go to:', ...why].join('\n  '), {
    remedy: 'Ask for other cells, hosts or targets; `ordeal hosts` shows what there is and what works.',
  });
}
