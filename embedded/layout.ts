import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import { bugNames, type BugName } from './bugs/bug-name.ts';
import { addressOf, dataSubnet, formatSubnet, type Subnet } from './subnet.ts';

const hostNames = ['host-1', 'host-2'] as const;

/** Where something runs: its network namespace (a path under /run/netns) and its cgroup, the same in every hierarchy. */
const place = { netns: z.string(), cgroup: z.string() };

/** What `mgmt0` of a namespace is joined to the management bridge by, and the address that it has there. */
const managed = { managementLink: z.string(), managementAddress: z.string() };

const containerSchema = z.object({ name: z.string(), ...place, address: z.string() });

const hostSchema = z.object({
  name: z.string(),
  ...place,
  ...managed,
  /** The address of the host itself on the data network, on its bridge `br0`. */
  address: z.string(),
  /** The configurations and logs of this host. */
  directory: z.string(),
  /** What the supervisor says about exits and spawns of the replica; its times are UTC. */
  supervisorLog: z.string(),
  /** What the replica itself says. */
  replicaLog: z.string(),
  container: containerSchema,
});

const frontSchema = z.object({
  ...place,
  ...managed,
  address: z.string(),
  directory: z.string(),
  /** HAProxy's log: failed requests, health checks, servers going up and down; its times are ISO 8601 in UTC. */
  log: z.string(),
  /** HAProxy's runtime API, a unix socket ("show stat" and the like). */
  adminSocket: z.string(),
});

export const systemSchema = z.object({
  name: z.string(),
  stateDirectory: z.string(),
  management: z.object({ bridge: z.string(), subnet: z.string(), address: z.string() }),
  /** The service under benchmark: reachable from the front's namespace. */
  service: z.object({ url: z.string(), body: z.string(), replicaHeader: z.string() }),
  front: frontSchema,
  hosts: z.array(hostSchema),
  /** The seeded bugs that it was made with; none unless asked for. */
  bugs: z.array(z.enum(bugNames)),
});

export type EmbeddedSystem = z.infer<typeof systemSchema>;
export type EmbeddedHost = z.infer<typeof hostSchema>;

/** Root's own cgroup of an instance, the parent of all others; processes that are put below it end with the instance. */
export function rootCgroup(name: string): string {
  return `ordeal-${name}`;
}

/** Every name, address and path of an instance; nothing of it has been made yet. */
export function layOut(
  name: string,
  stateDirectory: string,
  management: Subnet,
  bugs: readonly BugName[] = [],
): EmbeddedSystem {
  checkName(name);
  checkDirectory(stateDirectory);
  const tag = digest(name).slice(0, 6);
  const netns = (suffix: string): string => `/run/netns/ordeal-${name}-${suffix}`;
  const frontDirectory = join(stateDirectory, 'front');
  return {
    name,
    stateDirectory,
    management: {
      // The kernel takes 15 characters at most for a link, so a name of any length cannot be part of it.
      bridge: `ord-${tag}-mgmt`,
      subnet: formatSubnet(management),
      address: addressOf(management, 1),
    },
    service: {
      url: `http://${addressOf(dataSubnet, 1)}/`,
      body: 'ordeal embedded ok\n',
      replicaHeader: 'Ordeal-Replica',
    },
    front: {
      netns: netns('front'),
      cgroup: `${rootCgroup(name)}/front`,
      managementLink: `ord-${tag}-f`,
      managementAddress: addressOf(management, 2),
      address: addressOf(dataSubnet, 1),
      directory: frontDirectory,
      log: join(frontDirectory, 'haproxy.log'),
      adminSocket: join(frontDirectory, 'admin.sock'),
    },
    hosts: hostNames.map((host, index) => {
      const number = index + 1;
      const directory = join(stateDirectory, host);
      const cgroup = `${rootCgroup(name)}/${host}`;
      return {
        name: host,
        netns: netns(host),
        cgroup,
        managementLink: `ord-${tag}-h${number}`,
        managementAddress: addressOf(management, 10 + number),
        address: addressOf(dataSubnet, 10 + number),
        directory,
        supervisorLog: join(directory, 'supervisord.log'),
        replicaLog: join(directory, 'nginx.out'),
        container: {
          name: 'web',
          netns: netns(`${host}-web`),
          cgroup: `${cgroup}/web`,
          address: addressOf(dataSubnet, 20 + number),
        },
      };
    }),
    bugs: bugNames.filter((bug) => bugs.includes(bug)),
  };
}

/** A number that spreads the names of instances over the management networks. */
export function preferredSubnet(name: string): number {
  return Number.parseInt(digest(name).slice(-2), 16);
}

/** The names of the instance's network namespaces, outermost first. */
export function namespacesOf(system: EmbeddedSystem): string[] {
  return [system.front.netns, ...system.hosts.flatMap((host) => [host.netns, host.container.netns])];
}

/** The instance's links in the namespace of the machine itself. */
export function linksOf(system: EmbeddedSystem): string[] {
  const managedLinks = [system.front, ...system.hosts].map((node) => node.managementLink);
  return [system.management.bridge, ...managedLinks];
}

function checkName(name: string): void {
  // It becomes part of namespaces, cgroups and command lines.
  if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return;
  const allowed = 'lower-case letters, digits and dashes between them, at most 32';
  throw new OrdealError(
    'INVALID_INPUT',
    `the name "${name}" of the embedded target is not allowed: ${allowed}`,
  );
}

/** A unix socket's path ends at 107 bytes, and HAProxy adds its pid and ".tmp" to ours while it starts. */
const longestStateDirectory = 107 - '/front/admin.sock'.length - '.4194304.tmp'.length;

function checkDirectory(directory: string): void {
  // The path stands in the files of three programs, whose ways to quote differ.
  if (!/^\/[\w./@+-]*$/.test(directory)) {
    const allowed = 'an absolute path of letters, digits and / . _ @ + -';
    throw new OrdealError(
      'INVALID_INPUT',
      `the state directory "${directory}" is not allowed: it has to be ${allowed}`,
    );
  }
  if (directory.length > longestStateDirectory) {
    const message = `the state directory "${directory}" is too long for the sockets in it (${longestStateDirectory} at most)`;
    throw new OrdealError('INVALID_INPUT', message);
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
