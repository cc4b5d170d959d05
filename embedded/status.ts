import { stat } from 'node:fs/promises';
import { isAlive, type ProcessIdentity } from '../procfs/identity.ts';
import { initAmong } from '../procfs/main-process.ts';
import { processesIn } from './cgroups.ts';
import { replicaHealth } from './front.ts';
import { linksOf, namespacesOf, type EmbeddedSystem } from './layout.ts';
import { presentParts } from './network.ts';
import { readRecord, type EmbeddedRecord } from './record.ts';

interface EmbeddedHostStatus {
  readonly name: string;
  readonly supervisor: { readonly pid: number | null };
  readonly replica: {
    /** The container's process number 1, as the machine numbers it. */
    readonly pid: number | null;
    readonly address: string;
    readonly healthy: boolean;
    /** HAProxy's own words. */
    readonly detail: string;
  };
}

export interface EmbeddedStatus {
  readonly name: string;
  /**
   * - absent: there is none, or none that its state directory knows of;
   * - healthy: everything runs, and HAProxy sends requests to both replicas;
   * - degraded: everything of ours is there, but a replica is not healthy (a fault is on, or just over);
   * - broken: a part is gone that nothing brings back; `up` makes it anew.
   */
  readonly state: 'absent' | 'healthy' | 'degraded' | 'broken';
  readonly system: EmbeddedSystem | null;
  readonly front: { readonly pid: number | null; readonly url: string } | null;
  readonly hosts: readonly EmbeddedHostStatus[];
  /** What is gone, for the state broken. */
  readonly missing: readonly string[];
}

export async function statusOf(name: string, stateDirectory: string): Promise<EmbeddedStatus> {
  const record = await readRecord(stateDirectory);
  if (record?.system.name !== name) {
    return { name, state: 'absent', system: null, front: null, hosts: [], missing: [] };
  }
  const { system } = record;
  const missing = await missingParts(record);
  const health = await replicaHealth(system);
  const hosts: EmbeddedHostStatus[] = [];
  for (const host of system.hosts) {
    const init = await initAmong(await processesIn(host.container.cgroup));
    const { healthy, detail } = health.get(host.name) ?? {
      healthy: false,
      detail: 'HAProxy does not answer',
    };
    hosts.push({
      name: host.name,
      supervisor: { pid: await pidIfAlive(record.supervisors[host.name]) },
      replica: { pid: init?.pid ?? null, address: host.container.address, healthy, detail },
    });
  }
  const allHealthy = hosts.every((host) => host.replica.healthy);
  return {
    name,
    state: missing.length > 0 ? 'broken' : allHealthy ? 'healthy' : 'degraded',
    system,
    front: { pid: await pidIfAlive(record.front), url: system.service.url },
    hosts,
    missing,
  };
}

async function missingParts(record: EmbeddedRecord): Promise<string[]> {
  const { system } = record;
  const missing: string[] = [];
  if ((await pidIfAlive(record.front)) === null) missing.push('the process haproxy of front');
  for (const host of system.hosts) {
    if ((await pidIfAlive(record.supervisors[host.name])) === null)
      missing.push(`the process supervisord of ${host.name}`);
  }
  const present = new Set(await presentParts(system));
  for (const part of [...linksOf(system), ...namespacesOf(system)]) {
    if (!present.has(part)) missing.push(part);
  }
  if ((await stat(system.front.directory).catch(() => undefined)) === undefined) {
    missing.push(system.front.directory);
  }
  return missing;
}

async function pidIfAlive(identity: ProcessIdentity | undefined): Promise<number | null> {
  return identity !== undefined && (await isAlive(identity)) ? identity.pid : null;
}
