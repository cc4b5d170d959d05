import type { HostInventory, InventoryResource } from '../inventory.ts';
import { Names } from './short-name.ts';
import { subnetOf } from './subnet.ts';

interface Found extends InventoryResource {
  readonly host: string;
}

/** Entries of `elements`: what several resources share, as far as an inventory lets one know. */
export function sharedElements(inventory: readonly HostInventory[]): Readonly<Record<string, unknown>>[] {
  const found = inventory
    .flatMap(({ host, resources }) => resources.map((resource): Found => ({ host, ...resource })))
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const names = new Names();
  return [...disks(found), ...bridges(found), ...subnets(found)].map(({ called, ...element }) => ({
    name: names.take(called, ''),
    ...element,
  }));
}

type Shared = { readonly called: string } & Readonly<Record<string, unknown>>;

function disks(found: readonly Found[]): Shared[] {
  return grouped(found, ({ kind, partOf = [] }) => (kind === 'disk' ? partOf : [])).map(([shared]) =>
    shared.startsWith('iscsi ')
      ? { called: shared, iscsi: shared.slice('iscsi '.length) }
      : { called: `disk-${shared.slice(-8)}`, disk: shared },
  );
}

function bridges(found: readonly Found[]): Shared[] {
  return grouped(found, ({ kind, host, partOf = [] }) =>
    kind === 'nic' ? partOf.map((bridge) => `${host} ${bridge}`) : [],
  ).map(([shared]) => {
    const [host = '', , name = ''] = shared.split(' ');
    return { called: `${host}-${name}`, bridge: { host, name } };
  });
}

/** A guess: who has an address of one subnet is on one network, and on one switch where that has only one. */
function subnets(found: readonly Found[]): Shared[] {
  return grouped(found, ({ kind, facts }) =>
    kind === 'nic'
      ? (facts?.['addresses'] ?? '').split(' ').flatMap((address) => subnetOf(address) ?? [])
      : [],
  )
    .filter(([, ports]) => new Set(ports.map(({ host }) => host)).size > 1)
    .map(([shared, holders]) => {
      const ports = holders
        .flatMap((one) => uplinksOf(one, found))
        .map(({ host, name: nic }) => ({ host, nic }));
      return { called: `net-${shared}`, switch: ports };
    });
}

/** Where a bridge has the address, what leads out of the host is among its ports. */
function uplinksOf(holder: Found, found: readonly Found[]): Found[] {
  if (holder.facts?.['device'] !== 'bridge') return [holder];
  const taps = found.flatMap(({ host, facts }) =>
    host === holder.host ? (facts?.['taps'] ?? '').split(' ') : [],
  );
  const ports = found.filter(
    ({ host, name, facts, partOf = [] }) =>
      host === holder.host &&
      partOf.includes(`bridge ${holder.name}`) &&
      facts?.['container'] === undefined &&
      !taps.includes(name),
  );
  return ports.length === 0 ? [holder] : ports;
}

/** What more than one of them has, with those that have it. */
function grouped(found: readonly Found[], keysOf: (one: Found) => readonly string[]): [string, Found[]][] {
  const holders = new Map<string, Found[]>();
  for (const one of found)
    for (const key of new Set(keysOf(one))) holders.set(key, [...(holders.get(key) ?? []), one]);
  return [...holders]
    .filter(([, some]) => some.length > 1)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function placeOf({ host, kind, name }: Found): string {
  return `${host} ${kind} ${name}`;
}
