import { access, readdir } from 'node:fs/promises';
import { guardiansHere } from '../../procfs/guardians.ts';
import { protectedBytes } from '../../procfs/memory-protection.ts';
import { readStanding, type Standing } from '../../procfs/standing.ts';
import { readStat } from '../../procfs/stat.ts';
import { guardianProgram } from '../../service/guardian-program.ts';
import { good, limited, type Finding } from './finding.ts';

const deploy = 'docs/deploy-an-agent.md says how.';

/** What keeps the agents of this host, and who guards them, alive and on a processor when a fault takes what there is. */
export async function lookAtProtections(): Promise<Finding[]> {
  const guardians = await guardiansHere();
  if (guardians.length === 0) return [await withoutGuardian(), await memoryOf(process.pid)];
  return (await Promise.all(guardians.map(lookAt))).flat();
}

async function withoutGuardian(): Promise<Finding> {
  const isBuilt = await access(guardianProgram()).then(
    () => true,
    () => false,
  );
  if (isBuilt) {
    return limited(
      'guardian',
      'no agent runs under one here',
      `An agent without one that is killed leaves a freeze, a CPU quota or a memory limit until it starts again. Start it by its guardian: ${deploy}`,
    );
  }
  return limited('guardian', 'it is not built', 'Install gcc and libc6-dev, and run `npm run build` again.');
}

async function lookAt(guardian: number): Promise<Finding[]> {
  const standing = await readStanding(guardian);
  if (standing === undefined) return [];
  const agent = await childOf(guardian);
  const about = `guardian ${guardian}`;
  return [
    agent === undefined
      ? limited(
          about,
          'its agent does not run',
          'It starts it again after a pause; its log says why it ended.',
        )
      : good(about, `guards the agent ${agent}`),
    lock(standing),
    oomOf('guardian', standing, -1000),
    priority(standing),
    ...(agent === undefined ? [] : await lookAtAgent(agent)),
  ];
}

async function lookAtAgent(agent: number): Promise<Finding[]> {
  const standing = await readStanding(agent);
  if (standing === undefined) return [];
  return [oomOf('agent', standing, -900), niceness(standing), await memoryOf(agent)];
}

function lock({ lockedKb }: Standing): Finding {
  const about = 'guardian: memory';
  if (lockedKb > 0) return good(about, `${lockedKb} KiB are locked`);
  return limited(
    about,
    'not locked',
    'What it needs may have to be read from a disk when it is to act. Start it with CAP_IPC_LOCK, or a higher limit of locked memory.',
  );
}

function oomOf(who: 'guardian' | 'agent', { oomScoreAdj }: Standing, wanted: number): Finding {
  const about = `${who}: OOM killer`;
  if (oomScoreAdj <= wanted) return good(about, `oom_score_adj ${oomScoreAdj}`);
  return limited(
    about,
    `oom_score_adj ${oomScoreAdj}, not ${wanted}`,
    'Where memory runs out it may be killed. Start the guardian with CAP_SYS_RESOURCE, outside of a container.',
  );
}

function priority({ realTimePriority }: Standing): Finding {
  const about = 'guardian: processors';
  if (realTimePriority > 0) return good(about, `real-time, priority ${realTimePriority}`);
  return limited(
    about,
    'not of a real-time class',
    'A hog of processors makes it late. Start it with CAP_SYS_NICE; in a cgroup of version 1 with real-time group scheduling, give that cpu.rt_runtime_us.',
  );
}

/** It has no real-time class on purpose: docs/decisions/0032. */
function niceness({ nice }: Standing): Finding {
  const about = 'agent: processors';
  if (nice < 0) return good(about, `nice ${nice}`);
  return limited(
    about,
    `nice ${nice}`,
    'It waits for a processor as any other process. Start the guardian with CAP_SYS_NICE.',
  );
}

async function memoryOf(pid: number): Promise<Finding> {
  const about = 'agent: memory';
  const bytes = await protectedBytes(pid);
  if (bytes === undefined) {
    return limited(
      about,
      'cgroups of version 1 have no protected minimum',
      'Memory is taken from the agent as from any other process. Boot with systemd.unified_cgroup_hierarchy=1 to have one.',
    );
  }
  if (bytes > 0) return good(about, `${bytes / 1024 ** 2} MiB are protected`);
  return limited(
    about,
    'none is protected (memory.min of its cgroup, or of one above, is 0)',
    `Start the agent as the units of deploy/systemd do, in a slice of its own; or its guardian with --cgroup: ${deploy}`,
  );
}

async function childOf(parent: number): Promise<number | undefined> {
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await readStat(Number(name)))?.parent === parent) return Number(name);
  }
  return undefined;
}
