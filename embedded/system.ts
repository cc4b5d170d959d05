import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../command/run.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { initAmong } from '../procfs/main-process.ts';
import { writeCure } from './bugs/cure.ts';
import type { BugName } from './bugs/bug-name.ts';
import { cgroupDirectories, processesIn } from './cgroups.ts';
import { requestService, startFront } from './front.ts';
import { layOut, preferredSubnet, rootCgroup, type EmbeddedSystem } from './layout.ts';
import { makeNetwork, ownerOfBridge, presentParts, routedSubnets } from './network.ts';
import { readRecord, writeRecord, type EmbeddedRecord } from './record.ts';
import { remove } from './removal.ts';
import { statusOf, type EmbeddedStatus } from './status.ts';
import { chooseManagementSubnet } from './subnet.ts';
import { startSupervisor } from './supervisor.ts';

export interface EmbeddedOptions {
  /** Part of every name in the machine, so that several instances can live side by side. */
  readonly name: string;
  /** Where the configurations, logs and the record (`embedded.json`) of this instance, and of no other, live. */
  readonly stateDirectory: string;
  /** The management network, an IPv4 /24; left out, a free one is found. */
  readonly subnet?: string;
  /** The seeded bugs to make it with (embedded/bugs); left out, none, or those of the one that is there. */
  readonly bugs?: readonly BugName[];
}

/** Python and the first checks take about two seconds on an idle machine; a busy one is given ten times that. */
const healthyWithinMs = 20_000;

const pollMs = 100;

/**
 * Makes the embedded target, or answers the one that is there. One whose replica is down is given time to recover; one
 * that has lost a part is made anew. When it cannot be made, nothing of it is left.
 */
export async function up(options: EmbeddedOptions): Promise<EmbeddedSystem> {
  requireRoot('making the embedded target');
  await requirePrograms();
  const stateDirectory = resolve(options.stateDirectory);
  const record = await readRecord(stateDirectory);
  if (record !== undefined) {
    refuseOtherInstance(record, options, stateDirectory);
    if (await recovers(record.system)) return record.system;
    await remove(record.system, record);
  }
  const routed = await routedSubnets();
  const subnet = chooseManagementSubnet(options.subnet, preferredSubnet(options.name), routed);
  const system = layOut(options.name, stateDirectory, subnet, options.bugs);
  await refuseTaken(system);
  return await make(system);
}

/** Needs no root, and changes nothing. */
export async function status(options: EmbeddedOptions): Promise<EmbeddedStatus> {
  return await statusOf(options.name, resolve(options.stateDirectory));
}

/** Removes everything that `up` made, and every process that was started in it; does nothing when there is nothing. */
export async function down(options: EmbeddedOptions): Promise<void> {
  requireRoot('removing the embedded target');
  const stateDirectory = resolve(options.stateDirectory);
  const record = await readRecord(stateDirectory).catch(() => undefined);
  if (record !== undefined) {
    refuseOtherInstance(record, { name: options.name }, stateDirectory);
    await remove(record.system, record);
    return;
  }
  // Without a record the names tell what is ours; the addresses do not matter for a removal.
  const system = layOut(options.name, stateDirectory, chooseManagementSubnet(undefined, 0, []));
  const owner = await ownerOfBridge(system);
  if (owner !== undefined && owner !== stateDirectory) {
    const other = await readRecord(owner).catch(() => undefined);
    if (other?.system.name === options.name) throw ownedElsewhere(options.name, owner);
  }
  await remove(system, undefined);
}

async function make(system: EmbeddedSystem): Promise<EmbeddedSystem> {
  const firstMade = await mkdir(system.stateDirectory, { recursive: true });
  let record: EmbeddedRecord = { system, madeStateDirectory: firstMade !== undefined, supervisors: {} };
  const note = async (change: Partial<EmbeddedRecord>): Promise<void> => {
    record = { ...record, ...change };
    await writeRecord(record);
  };
  try {
    await note({});
    await makeNetwork(system);
    for (const host of system.hosts) {
      const supervisor = await startSupervisor(system, host);
      await note({ supervisors: { ...record.supervisors, [host.name]: supervisor } });
    }
    // HAProxy's first check should find the replicas, or its log begins with an outage that was none.
    await waitForReplicas(system);
    await note({ front: await startFront(system) });
    if (system.bugs.length > 0) await writeCure(system);
    await waitForHealth(system);
    return system;
  } catch (error) {
    const tails = await logTails(system);
    const left = await remove(system, record).then(
      () => '',
      (removal: unknown) => `\n${OrdealError.from(removal).message}`,
    );
    const failure = OrdealError.from(error);
    const message = `the embedded target "${system.name}" could not be made: ${failure.message}${tails}${left}`;
    throw new OrdealError(failure.code, message, { cause: error, remedy: failure.remedy });
  }
}

/** A missing part stays missing, so only a degraded system is worth waiting for. */
async function recovers(system: EmbeddedSystem): Promise<boolean> {
  const { state } = await statusOf(system.name, system.stateDirectory);
  if (state !== 'degraded') return state === 'healthy';
  return await waitForHealth(system).then(
    () => true,
    () => false,
  );
}

async function waitForReplicas(system: EmbeddedSystem): Promise<void> {
  await waitFor('no replica process within', async () => {
    const inits = system.hosts.map(async (host) => await initAmong(await processesIn(host.container.cgroup)));
    return (await Promise.all(inits)).every((init) => init !== undefined);
  });
}

async function waitForHealth(system: EmbeddedSystem): Promise<void> {
  await waitFor('its service was not healthy within', async () => {
    const { state, missing } = await statusOf(system.name, system.stateDirectory);
    if (state === 'broken') throw new OrdealError('INTERNAL', `it lost ${missing.join(', ')}`);
    return state === 'healthy' && (await requestService(system)) === system.service.body;
  });
}

async function waitFor(complaint: string, condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + healthyWithinMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) {
      throw new OrdealError('COMMAND_FAILED', `${complaint} ${healthyWithinMs / 1000} s`, {
        remedy: 'The ends of the logs are in the message; mend what they say and try again.',
      });
    }
    await sleep(pollMs);
  }
}

async function logTails(system: EmbeddedSystem): Promise<string> {
  const logs = [
    system.front.log,
    join(system.front.directory, 'haproxy.err'),
    ...system.hosts.flatMap((host) =>
      ['supervisord.err', 'supervisord.log', 'nginx.out', 'nginx-error.log'].map((log) =>
        join(host.directory, log),
      ),
    ),
  ];
  let tails = '';
  for (const log of logs) {
    const text = (await readFile(log, 'utf8').catch(() => '')).trimEnd();
    if (text !== '') tails += `\n--- ${log}\n${text.split('\n').slice(-5).join('\n')}`;
  }
  return tails;
}

function requireRoot(act: string): void {
  if (process.geteuid?.() !== 0) throw new OrdealError('NEEDS_ROOT', `${act} needs root`);
}

/** A program that is not there is named, with its package, before anything is made. */
async function requirePrograms(): Promise<void> {
  const asked: [string, string][] = [
    ['ip', '-V'],
    ['nsenter', '--version'],
    ['unshare', '--version'],
    ['nginx', '-v'],
    ['haproxy', '-v'],
    ['supervisord', '--version'],
  ];
  await Promise.all(asked.map(async ([program, question]) => await run(program, [question])));
}

function refuseOtherInstance(
  record: EmbeddedRecord,
  options: Omit<EmbeddedOptions, 'stateDirectory'>,
  stateDirectory: string,
): void {
  const { name, management, bugs } = record.system;
  if (name !== options.name) {
    const message = `${stateDirectory} holds the embedded target "${name}", not "${options.name}"`;
    throw new OrdealError('ALREADY_EXISTS', message, { remedy: 'Give each its own state directory.' });
  }
  if (options.subnet !== undefined && options.subnet !== management.subnet) {
    const message = `the embedded target "${name}" is up with the subnet ${management.subnet}, not ${options.subnet}`;
    throw new OrdealError('ALREADY_EXISTS', message, {
      remedy: 'Take it down first, or leave the subnet out.',
    });
  }
  const asked = new Set(options.bugs ?? bugs);
  if (asked.size !== bugs.length || !bugs.every((bug) => asked.has(bug))) {
    const [there, wanted] = [bugs, [...asked]].map((names) => names.join(', ') || 'none');
    const message = `the embedded target "${name}" is up with the seeded bugs ${there}, not ${wanted}`;
    throw new OrdealError('ALREADY_EXISTS', message, {
      remedy: 'Take it down first, or do not ask for bugs.',
    });
  }
}

async function refuseTaken(system: EmbeddedSystem): Promise<void> {
  const owner = await ownerOfBridge(system);
  if (owner !== undefined && owner !== system.stateDirectory) throw ownedElsewhere(system.name, owner);
  const taken = [...(await presentParts(system)), ...(await cgroupDirectories(rootCgroup(system.name)))];
  if (taken.length === 0) return;
  const message = `these names of the embedded target "${system.name}" are taken: ${taken.join(', ')}`;
  throw new OrdealError('ALREADY_EXISTS', message, {
    remedy: 'If they are left over from an earlier one, take it down; otherwise choose another name.',
  });
}

function ownedElsewhere(name: string, owner: string): OrdealError {
  return new OrdealError(
    'ALREADY_EXISTS',
    `the embedded target "${name}" belongs to the state directory ${owner}`,
    {
      remedy: 'Use it with that state directory, or choose another name.',
    },
  );
}
