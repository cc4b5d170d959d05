import { setTimeout as sleep } from 'node:timers/promises';
import { descriptorOf } from '../../injectors/catalogue.ts';
import { leftOver, lookForLeftOvers } from './left-overs.ts';
import type { Proof } from './proof.ts';
import { faultOf, type Proved } from './prove.ts';
import type { Stage } from './stage.ts';

/** What became of a fault whose agent was killed with SIGKILL amid it. */
export interface Death {
  /** For people: "the kernel, at its deadline". */
  readonly endedBy: string;
  readonly isWell: boolean;
}

const tree = '/sys/kernel/config/ordeal/*';
/** For an order and for a look of an emulated victim, each; and for the death itself. */
const secondsEach = 2;
const secondsForDeath = 4;
const looksAfterwards = 20;
const lookEveryMs = 3_000;

/** Faults that have to end by themselves, all at once: one death of the agent, one restart. In the order of what was given. */
export async function endWithoutAgent(stage: Stage, all: readonly Proved[]): Promise<Death[]> {
  try {
    return await dieAmid(stage, all);
  } catch (error) {
    await stage.bed.startAgent();
    await stage.bed.json('stop', '--all');
    const why = error instanceof Error ? error.message : String(error);
    return all.map(() => ({ endedBy: `not seen: ${why}`, isWell: false }));
  }
}

async function dieAmid(stage: Stage, all: readonly Proved[]): Promise<Death[]> {
  const { bed } = stage;
  const before = await lookForLeftOvers(bed.machine);
  const duration = bed.lasting(secondsForDeath + secondsEach * all.length);
  const ids: string[] = [];
  for (const proved of all) ids.push(await bed.inject({ ...faultOf(proved), duration }));
  await bed.killAgent();
  const wentOn: boolean[] = [];
  for (const proved of all) wentOn.push(await isStillHit(proved));
  const ends: string[] = [];
  for (const [index, proved] of all.entries()) ends.push(await endOf(stage, proved, ids[index] ?? ''));
  const over: boolean[] = [];
  for (const proved of all) over.push(await isWell(proved));
  await bed.startAgent();
  for (const id of ids) await bed.ended(id);
  const left = leftOver(before, await lookForLeftOvers(bed.machine));
  const remains = [...left, ...(await bed.host()).quarantinedBecause];
  return all.map(({ proof }, index) => {
    const endedBy = ends[index] ?? '';
    if (wentOn[index] !== true && isHeldByKernel(proof))
      return { endedBy: 'it did not go on without the agent', isWell: false };
    if (over[index] !== true) return { endedBy: `not over; ${endedBy}`, isWell: false };
    if (remains.length > 0) return { endedBy: `${endedBy}; left: ${remains.join(', ')}`, isWell: false };
    return { endedBy, isWell: endedBy !== '' };
  });
}

/** What is done by processes of the agent's may end with it; what is done by the kernel goes on to its deadline. */
function isHeldByKernel({ mechanism }: Proof): boolean {
  return descriptorOf(mechanism)?.byKernelModule === true;
}

async function isStillHit({ scene, victim }: Proved): Promise<boolean> {
  return scene.isHit((await scene.victim()).amount, victim.before.amount);
}

async function isWell({ scene, victim }: Proved): Promise<boolean> {
  const { amount } = await scene.victim();
  return scene.isWell?.(amount) ?? !scene.isHit(amount, victim.before.amount);
}

/** Who ended it: the kernel says why; of processes it is seen that they did. */
async function endOf({ bed }: Stage, proved: Proved, id: string): Promise<string> {
  const { proof } = proved;
  if (isHeldByKernel(proof)) return `the kernel: ${await bed.endInKernel(tree, proof.mechanism, id)}`;
  for (let look = 0; look < looksAfterwards; look++) {
    if (!(await isStillHit(proved))) return 'its own processes';
    await sleep(lookEveryMs);
  }
  return 'nobody as long as the agent is away';
}
