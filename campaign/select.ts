import { OrdealError } from '../errors/ordeal-error.ts';
import { choose, seeded } from '../injectors/seeded.ts';
import type { TargetKind } from '../injectors/target.ts';
import type { HostInventory, InventoryResource } from './inventory.ts';
import { matches } from './pattern.ts';
import type { TargetName } from './plan.ts';

/** Which targets are meant. In a pattern, `*` stands for any characters. */
export interface Selector {
  /** A pattern of host names. */
  readonly host: string;
  /** Only hosts that carry all of these. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly kind: TargetKind;
  /** A pattern of names; of no meaning for the kind `host`. */
  readonly name: string;
  /** Only those of which all of these facts are told; each is a pattern. */
  readonly where?: Readonly<Record<string, string>>;
  /** Only what is part of this; see InventoryResource. */
  readonly partOf?: string;
  readonly pick: Pick;
}

/** How many of those that match. A share is rounded up, so that it is never none. */
export type Pick =
  | { readonly kind: 'all' }
  /** All, too, but each in trials of its own. */
  | { readonly kind: 'each' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share'; readonly share: number };

/** What exists is listed in a message up to this many; `ordeal hosts` shows the rest. */
const mostListed = 20;

/**
 * Never empty: throws NO_TARGET where nothing matches, PROTECTED_TARGET where something matches that no fault may go to (a
 * selection is never silently made smaller, either). In the order of their names, whatever the order of the inventory.
 */
export function selectTargets(
  selector: Selector,
  inventory: readonly HostInventory[],
  seed: number,
): TargetName[] {
  const { kind, pick } = selector;
  const onHosts = byName(inventory, ({ host }) => host).filter((one) => hasHost(selector, one));
  const found = onHosts.flatMap((one) =>
    byName(resourcesOf(one, kind), ({ name }) => name)
      .filter((resource) => kind === 'host' || isMeant(selector, resource))
      .map((resource) => ({ host: one.host, ...resource })),
  );
  if (found.length === 0) throw noTarget(selector, inventory, onHosts);
  for (const { host, name, protectedBecause } of found) {
    if (protectedBecause === undefined) continue;
    const what = kind === 'host' ? `host "${host}"` : `the ${kind} "${name}" of host "${host}"`;
    throw new OrdealError(
      'PROTECTED_TARGET',
      `${selectorText(selector)} selects ${what}, which is protected: ${protectedBecause}`,
    );
  }
  const wanted =
    pick.kind === 'all' || pick.kind === 'each'
      ? found.length
      : pick.kind === 'count'
        ? pick.count
        : Math.ceil(found.length * pick.share);
  if (wanted > found.length) {
    const there = `${found.length} ${found.length === 1 ? 'matches' : 'match'}`;
    throw new OrdealError(
      'NO_TARGET',
      `${selectorText(selector)} asks for ${wanted} targets, but only ${there}`,
    );
  }
  const chosen = new Set(choose(wanted, found.length, seeded(seed, 'targets')));
  return found.filter((_, index) => chosen.has(index)).map(({ host, name }) => ({ host, kind, name }));
}

/** The one host that a pattern means; throws NO_TARGET where there is none or more than one. */
export function selectHost(pattern: string, inventory: readonly HostInventory[]): string {
  const hosts = byName(inventory, ({ host }) => host).map(({ host }) => host);
  const [only, ...more] = hosts.filter((host) => matches(pattern, host));
  if (only !== undefined && more.length === 0) return only;
  const found = only === undefined ? 'no host' : `${more.length + 1} hosts (${listed([only, ...more])})`;
  throw new OrdealError(
    'NO_TARGET',
    `the host "${pattern}" matches ${found} where it has to match exactly one; there are: ${listed(hosts)}`,
  );
}

function hasHost({ host, labels = {} }: Selector, one: HostInventory): boolean {
  const carries = ([label, value]: [string, string]): boolean =>
    Object.hasOwn(one.labels, label) && one.labels[label] === value;
  return matches(host, one.host) && Object.entries(labels).every(carries);
}

function isMeant({ name, where, partOf }: Selector, resource: InventoryResource): boolean {
  const isPart = partOf === undefined || (resource.partOf ?? []).includes(partOf);
  return isPart && matches(name, resource.name) && tells(resource.facts ?? {}, where);
}

/** A host is a target of its own, whether or not its agent lists it. */
function resourcesOf(one: HostInventory, kind: TargetKind): InventoryResource[] {
  const found = one.resources.filter((resource) => resource.kind === kind);
  if (kind !== 'host') return found;
  const reason = found.find(({ protectedBecause }) => protectedBecause !== undefined)?.protectedBecause;
  return [{ kind, name: one.host, ...(reason === undefined ? {} : { protectedBecause: reason }) }];
}

function noTarget(
  selector: Selector,
  inventory: readonly HostInventory[],
  onHosts: readonly HostInventory[],
): OrdealError {
  const { kind } = selector;
  const asked = selectorText(selector);
  if (onHosts.length === 0) {
    const hosts = byName(inventory, ({ host }) => host).map(({ host, labels }) => {
      const marks = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
      return selector.labels === undefined || marks.length === 0
        ? host
        : `${host} (${marks.sort().join(', ')})`;
    });
    return new OrdealError('NO_TARGET', `${asked} matches no host; there are: ${listed(hosts)}`);
  }
  const there = onHosts
    .flatMap((one) =>
      resourcesOf(one, kind).map(
        (found) => `${nameIn(selector, found)} on ${one.host}${factsText(found, selector)}`,
      ),
    )
    .sort();
  return new OrdealError('NO_TARGET', `${asked} matches no ${kind}; there are: ${listed(there)}`);
}

function tells(facts: Readonly<Record<string, string>>, where: Selector['where'] = {}): boolean {
  return Object.entries(where).every(([fact, pattern]) => {
    const told = Object.hasOwn(facts, fact) ? facts[fact] : undefined;
    return told !== undefined && matches(pattern, told);
  });
}

/** What is told of a thing by the facts that were asked for. */
function factsText({ facts = {} }: InventoryResource, { where = {} }: Selector): string {
  const told = Object.keys(where).map((fact) => `${fact}: ${facts[fact] ?? 'not told'}`);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

/** Where something else than the name decides, that is what helps. */
function nameIn({ partOf }: Selector, { name, partOf: parts = [] }: InventoryResource): string {
  return partOf === undefined || parts.length === 0 ? name : `${name} (${parts.join(', ')})`;
}

function selectorText({ host, labels, kind, name, where, partOf }: Selector): string {
  const marks = Object.entries(labels ?? {}).map(([label, value]) => `${label}=${value}`);
  const place = [`host: ${host}`, ...(marks.length === 0 ? [] : [`labels: ${marks.join(', ')}`])];
  const asked = Object.entries(where ?? {}).map(([fact, pattern]) => `${fact}=${pattern}`);
  const what = [
    ...(kind === 'host' ? [] : [`${kind}: ${name}`]),
    ...(asked.length === 0 ? [] : [`where: ${asked.join(', ')}`]),
    ...(partOf === undefined ? [] : [`part of: ${partOf}`]),
  ];
  return `the target { ${[...place, ...what].join(', ')} }`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const rest = names.length - mostListed;
  return `${names.slice(0, mostListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function byName<Thing>(things: readonly Thing[], nameOf: (thing: Thing) => string): Thing[] {
  return things.toSorted((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0,
  );
}
