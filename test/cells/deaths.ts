import { setTimeout as sleep } from 'node:timers/promises';
import { descriptorOf } from '../../injectors/catalogue.ts';
import { leftOver, lookForLeftOvers } from './left-overs.ts';
import { faultOf, type Proved } from './prove.ts';
import type { Stage } from './stage.ts';

/** What became of a fault whose agent was killed with SIGKILL amid it. */
export interface Death {
  /** For people: "the kernel: deadline". */
  readonly endedBy: string;
  readonly isWell: boolean;
}

/** Who ends a fault when its agent is dead. */
interface Heir {
  readonly has: (proved: Proved) => boolean;
  readonly kill: (stage: Stage) => Promise<void>;
  /** Whether it goes on to its deadline; what is done by processes of the agent's ends with it. */
  readonly goesOn: boolean;
  /** Resolves when it has ended, with who ended it; undefined where nobody did. */
  readonly endOf: (stage: Stage, proved: Proved, id: string) => Promise<string | undefined>;
}

const tree = '/sys/kernel/config/ordeal/*';
/** For an order and for a look of an emulated victim, each; and for the death itself. */
const secondsEach = 2;
const secondsForDeath = 4;
const looksAfterwards = 20;
const lookEveryMs = 3_000;

const heirs: readonly Heir[] = [
  {
    has: ({ proof }) => descriptorOf(proof.mechanism)?.byKernelModule === true,
    // With its guardian, which would start it again.
    kill: async ({ bed }) => await bed.killAgent(),
    goesOn: true,
    endOf: async ({ bed }, { proof }, id) =>
      `the kernel: ${await bed.endInKernel(tree, proof.mechanism, id)}`,
  },
  {
    has: ({ proof }) => descriptorOf(proof.mechanism)?.byKernelModule !== true,
    kill: async ({ bed }) => await bed.killAgentAlone(),
    goesOn: false,
    endOf: async (_stage, proved) => {
      for (let look = 0; look < looksAfterwards; look++) {
        if (!(await isStillHit(proved))) return 'its own processes and the guardian';
        await sleep(lookEveryMs);
      }
      return undefined;
    },
  },
];

/** Faults that have to end without their agent: those of one heir all at once, for one death and one restart. In the order of what was given. */
export async function endWithoutAgent(stage: Stage, all: readonly Proved[]): Promise<Death[]> {
  const deaths = new Map<Proved, Death>();
  for (const heir of heirs) {
    const some = all.filter(heir.has);
    if (some.length === 0) continue;
    const ends = await dieAmid(stage, some, heir).catch(
      async (error: unknown) => await notSeen(stage, some, error),
    );
    for (const [index, proved] of some.entries()) {
      const end = ends[index];
      if (end !== undefined) deaths.set(proved, end);
    }
  }
  return all.flatMap((proved) => deaths.get(proved) ?? []);
}

async function notSeen({ bed }: Stage, some: readonly Proved[], error: unknown): Promise<Death[]> {
  await bed.startAgent();
  await bed.json('stop', '--all');
  const why = error instanceof Error ? error.message : String(error);
  return some.map(() => ({ endedBy: `not seen: ${why}`, isWell: false }));
}

async function dieAmid(stage: Stage, some: readonly Proved[], heir: Heir): Promise<Death[]> {
  const { bed } = stage;
  const before = await lookForLeftOvers(bed.machine);
  const duration = bed.lasting(secondsForDeath + secondsEach * some.length);
  const ids: string[] = [];
  for (const proved of some) ids.push(await bed.inject({ ...faultOf(proved), duration }));
  await heir.kill(stage);
  const wentOn: boolean[] = [];
  for (const proved of some) wentOn.push(!heir.goesOn || (await isStillHit(proved)));
  const ends: (string | undefined)[] = [];
  for (const [index, proved] of some.entries()) ends.push(await heir.endOf(stage, proved, ids[index] ?? ''));
  const over: boolean[] = [];
  for (const proved of some) over.push(await isWell(proved));
  await bed.startAgent();
  for (const id of ids) await bed.ended(id);
  const left = leftOver(before, await lookForLeftOvers(bed.machine));
  const remains = [...left, ...(await bed.host()).quarantinedBecause];
  return some.map((_, index): Death => {
    const endedBy = ends[index];
    if (wentOn[index] !== true) return { endedBy: 'it did not go on without the agent', isWell: false };
    if (endedBy === undefined) return { endedBy: 'nobody', isWell: false };
    if (over[index] !== true) return { endedBy: `not over; ${endedBy}`, isWell: false };
    if (remains.length > 0) return { endedBy: `${endedBy}; left: ${remains.join(', ')}`, isWell: false };
    return { endedBy, isWell: true };
  });
}

async function isStillHit({ scene, victim }: Proved): Promise<boolean> {
  return scene.isHit((await scene.victim()).amount, victim.before.amount);
}

async function isWell({ scene, victim }: Proved): Promise<boolean> {
  const { amount } = await scene.victim();
  return scene.isWell?.(amount) ?? !scene.isHit(amount, victim.before.amount);
}
