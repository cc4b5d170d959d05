import { readdir, readFile, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../errors/ordeal-error.ts';
import { identify, isAlive, type ProcessIdentity } from '../procfs/identity.ts';
import { freezeCgroup, processesIn, removeCgroup, thawCgroup } from './cgroups.ts';
import { namespacesOf, rootCgroup, type EmbeddedSystem } from './layout.ts';
import { removeNetwork } from './network.ts';
import { describeProcess, processesInNamespaces } from './processes.ts';
import { recordFile, type EmbeddedRecord } from './record.ts';

/** SIGKILL takes effect at once but for a process that waits for a disk; longer than this it is stuck. */
const endWithinMs = 5_000;

/** Removes all there is of an instance, whatever is missing of it; every part is tried, also after one has failed. */
export async function remove(system: EmbeddedSystem, record: EmbeddedRecord | undefined): Promise<void> {
  await refuseFromWithin(system);
  const recorded = record === undefined ? [] : [record.front, ...Object.values(record.supervisors)];
  const steps = [
    async () => await endProcesses(system, recorded),
    async () => await removeNetwork(system),
    async () => await removeCgroup(rootCgroup(system.name)),
  ];
  const failures: OrdealError[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(OrdealError.from(error));
    }
  }
  const [first] = failures;
  if (first !== undefined) {
    // The files stay: they say what there is still to remove.
    const messages = failures.map((failure) => failure.message).join('; ');
    throw new OrdealError(first.code, `the embedded target "${system.name}" is not all gone: ${messages}`, {
      cause: first,
      remedy: 'Take it down again when the cause is gone; what was removed already is no obstacle.',
    });
  }
  await removeFiles(system, record?.madeStateDirectory ?? false);
}

async function endProcesses(
  system: EmbeddedSystem,
  recorded: readonly (ProcessIdentity | undefined)[],
): Promise<void> {
  const cgroup = rootCgroup(system.name);
  const giveUpAt = Date.now() + endWithinMs;
  for (;;) {
    // Frozen, nothing forks nor is restarted between the look and the kill; the kill takes effect with the thaw.
    await freezeCgroup(cgroup);
    try {
      const pids = await ownProcesses(system, recorded);
      if (pids.length === 0) return;
      if (Date.now() > giveUpAt) {
        const described = await Promise.all(pids.map(describeProcess));
        throw new OrdealError('COMMAND_FAILED', `these processes do not end: ${described.join(', ')}`);
      }
      for (const pid of pids) kill(pid);
    } finally {
      await thawCgroup(cgroup);
    }
    await sleep(20);
  }
}

async function ownProcesses(
  system: EmbeddedSystem,
  recorded: readonly (ProcessIdentity | undefined)[],
): Promise<number[]> {
  const pids = await processesIn(rootCgroup(system.name));
  for (const pid of await processesInNamespaces(namespacesOf(system))) pids.add(pid);
  for (const identity of recorded) {
    if (identity !== undefined && (await isAlive(identity))) pids.add(identity.pid);
  }
  // What has ended and waits for its parent holds nothing any more.
  const living: number[] = [];
  for (const pid of pids) {
    if ((await identify(pid)) !== undefined) living.push(pid);
  }
  return living;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Ended by itself half-way, a removal would leave the other half. */
async function refuseFromWithin(system: EmbeddedSystem): Promise<void> {
  const own = await readlink('/proc/self/ns/net');
  const inodes = await Promise.all(namespacesOf(system).map((path) => stat(path).catch(() => undefined)));
  const inNamespace = inodes.some((found) => found !== undefined && own === `net:[${found.ino}]`);
  const cgroups = (await readFile('/proc/self/cgroup', 'utf8')).split('\n');
  const inCgroup = cgroups.some((line) => `${line}/`.includes(`:/${rootCgroup(system.name)}/`));
  if (inNamespace || inCgroup) {
    const message = `this process runs within the embedded target "${system.name}"`;
    throw new OrdealError('INVALID_INPUT', message, { remedy: 'Run the command outside of it.' });
  }
}

async function removeFiles(system: EmbeddedSystem, madeStateDirectory: boolean): Promise<void> {
  const { stateDirectory } = system;
  for (const directory of [system.front.directory, ...system.hosts.map((host) => host.directory)]) {
    await rm(directory, { recursive: true, force: true });
  }
  await rm(`${recordFile(stateDirectory)}.new`, { force: true });
  await rm(recordFile(stateDirectory), { force: true });
  if (!madeStateDirectory) return;
  const rest = await readdir(stateDirectory).catch(() => undefined);
  if (rest?.length === 0) await rmdir(stateDirectory);
}
