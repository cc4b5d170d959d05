import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { run } from '../command/run.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { linksOf, namespacesOf, type EmbeddedHost, type EmbeddedSystem } from './layout.ts';
import { parseSubnet, type Subnet } from './subnet.ts';

const routesSchema = z.array(z.object({ dst: z.string() }));
const linksSchema = z.array(z.object({ ifname: z.string(), ifalias: z.string().optional() }));

/** Every IPv4 network that the machine has a route to, its default routes left out. */
export async function routedSubnets(): Promise<Subnet[]> {
  const routes = routesSchema.parse(
    JSON.parse(await run('ip', ['-json', '-4', 'route', 'show', 'table', 'all'])),
  );
  return routes.map((route) => parseSubnet(route.dst)).filter((subnet) => subnet !== undefined);
}

/** Which namespaces and links of this layout are there. */
export async function presentParts(system: EmbeddedSystem): Promise<string[]> {
  const links = new Set((await machineLinks()).map((link) => link.ifname));
  const namespaces = new Set(await readdir('/run/netns').catch((): string[] => []));
  return [
    ...linksOf(system).filter((link) => links.has(link)),
    ...namespacesOf(system).filter((path) => namespaces.has(basename(path))),
  ];
}

/** The state directory that the bridge of this layout was made from: the kernel keeps it when the record is lost. */
export async function ownerOfBridge(system: EmbeddedSystem): Promise<string | undefined> {
  const bridge = (await machineLinks()).find((link) => link.ifname === system.management.bridge);
  return bridge?.ifalias?.replace(/^ordeal:/, '');
}

/**
 *     machine   management bridge (controller, NATS) ---- mgmt0 of front, host-1 and host-2
 *
 *     front     HAProxy, load --- lan ---+--- eth0 | br0 | web --- eth0   nginx
 *                                        |         host-1          container of host-1
 *                                        +--- eth0 | br0 | web --- eth0   nginx
 *                                                  host-2          container of host-2
 */
export async function makeNetwork(system: EmbeddedSystem): Promise<void> {
  const { bridge } = system.management;
  // The bridge first: it says whose all the rest is.
  await batch(undefined, [
    `link add ${bridge} type bridge mcast_snooping 0`,
    `link set ${bridge} alias ordeal:${system.stateDirectory}`,
    ...up(bridge, `${system.management.address}/24`),
  ]);
  for (const namespace of namespacesOf(system)) await run('ip', ['netns', 'add', basename(namespace)]);
  await batch(
    undefined,
    [system.front, ...system.hosts].flatMap((node) => [
      `link add ${node.managementLink} type veth peer name mgmt0 netns ${basename(node.netns)}`,
      ...enslave(node.managementLink, bridge),
    ]),
  );
  await batch(system.front.netns, [
    ...up('lo'),
    ...up('mgmt0', `${system.front.managementAddress}/24`),
    'link add lan type bridge mcast_snooping 0',
    ...up('lan', `${system.front.address}/24`),
    ...system.hosts.flatMap((host) => [
      `link add ${host.name} type veth peer name eth0 netns ${basename(host.netns)}`,
      ...enslave(host.name, 'lan'),
    ]),
  ]);
  for (const host of system.hosts) await makeHostNetwork(host);
}

async function makeHostNetwork(host: EmbeddedHost): Promise<void> {
  const { container } = host;
  await batch(host.netns, [
    ...up('lo'),
    ...up('mgmt0', `${host.managementAddress}/24`),
    'link add br0 type bridge mcast_snooping 0',
    ...up('br0', `${host.address}/24`),
    ...enslave('eth0', 'br0'),
    `link add ${container.name} type veth peer name eth0 netns ${basename(container.netns)}`,
    ...enslave(container.name, 'br0'),
  ]);
  await batch(container.netns, [...up('lo'), ...up('eth0', `${container.address}/24`)]);
}

/** Removes what there is of it. Links go before namespaces: those live on while anything, anywhere, holds them. */
export async function removeNetwork(system: EmbeddedSystem): Promise<void> {
  const links = new Set((await machineLinks()).map((link) => link.ifname));
  for (const link of linksOf(system)) {
    if (links.has(link)) await unlessGone(run('ip', ['link', 'delete', link]));
  }
  const namespaces = new Set(await readdir('/run/netns').catch((): string[] => []));
  for (const path of namespacesOf(system)) {
    if (namespaces.has(basename(path))) await unlessGone(run('ip', ['netns', 'delete', basename(path)]));
  }
}

async function machineLinks(): Promise<z.infer<typeof linksSchema>> {
  return linksSchema.parse(JSON.parse(await run('ip', ['-json', 'link', 'show'])));
}

/** One end of a veth pair takes the other with it, and a namespace being taken down takes all of its links. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const gone = error instanceof OrdealError && /Cannot find device|No such file/.test(error.message);
    if (!gone) throw error;
  }
}

/** No link here needs IPv6, whose discovery of neighbours and routers would be traffic that no one asked for. */
function up(link: string, address?: string): string[] {
  return [
    ...(link === 'lo' ? [] : [`link set ${link} addrgenmode none`]),
    ...(address === undefined ? [] : [`address add ${address} dev ${link}`]),
    `link set ${link} up`,
  ];
}

function enslave(link: string, bridge: string): string[] {
  return [`link set ${link} master ${bridge}`, ...up(link)];
}

async function batch(netns: string | undefined, commands: readonly string[]): Promise<void> {
  const where = netns === undefined ? [] : ['-netns', basename(netns)];
  await run('ip', [...where, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}
