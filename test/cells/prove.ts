import { descriptorOf } from '../../injectors/catalogue.ts';
import type { Fault, InjectionRecord } from '../kernel/agent-bed.ts';
import { until } from '../until.ts';
import { leftOver, lookForLeftOvers } from './left-overs.ts';
import type { Proof, Scene, Sight } from './proof.ts';
import type { Stage } from './stage.ts';

/** A proof that has been set. */
export interface Part {
  readonly proof: Proof;
  readonly scene: Scene;
}

export interface Seen {
  readonly before: Sight;
  readonly during: Sight;
  readonly after: Sight;
}

/** What came of a fault that was there while victim and neighbour looked, and is over. */
export interface Proved extends Part {
  readonly victim: Seen;
  readonly neighbour: Seen;
  readonly record: InjectionRecord;
  /** What the kernel has that it had not before, and what the controller says is not clean. */
  readonly left: readonly string[];
}

interface Looks {
  readonly victim: Sight;
  readonly neighbour: Sight;
}

/** Answers nothing where the work for a proof failed, which then has been told. */
export type Tried = <Answer>({ proof }: Part, work: () => Promise<Answer>) => Promise<Answer | undefined>;

/** For all of a company to look, on a slow machine; it is stopped before. */
const longEnough = '30m';

/** The fault of a proof as a user asks for it; as a placebo, which does nothing to the same target. */
export function faultOf(
  { proof: { cell, mechanism }, scene: { target, parameters = {} } }: Part,
  isPlacebo = false,
): Fault {
  const each = { cell, target, duration: longEnough };
  return isPlacebo ? { ...each, mechanism: 'noop' } : { ...each, mechanism, parameters };
}

/** Has victims and neighbours look before the faults, amid them, and when they have been ended. */
export async function prove(
  stage: Stage,
  parts: readonly Part[],
  tried: Tried,
  isPlacebo = false,
): Promise<Proved[]> {
  const { bed } = stage;
  const before = await looks(parts, tried);
  const kernelBefore = await lookForLeftOvers(bed.machine);
  const isCrash =
    !isPlacebo && parts.some(({ proof }) => descriptorOf(proof.mechanism)?.crashesHost === true);
  const amid = isCrash ? await amidCrash(stage, parts, tried) : await amidAll(stage, parts, tried, isPlacebo);
  const after = await looks(parts, tried);
  const left = leftOver(kernelBefore, await lookForLeftOvers(bed.machine));
  left.push(...(await bed.host()).quarantinedBecause);
  return parts.flatMap((part, at): Proved[] => {
    const [first, second, third, record] = [before[at], amid.during[at], after[at], amid.records[at]];
    if (!first || !second || !third || !record) return [];
    const seen = (who: keyof Looks): Seen => ({ before: first[who], during: second[who], after: third[who] });
    return [{ ...part, victim: seen('victim'), neighbour: seen('neighbour'), record, left }];
  });
}

interface Amid {
  readonly during: readonly (Looks | undefined)[];
  readonly records: readonly (InjectionRecord | undefined)[];
}

async function amidAll(
  { bed }: Stage,
  parts: readonly Part[],
  tried: Tried,
  isPlacebo: boolean,
): Promise<Amid> {
  const ids: (string | undefined)[] = [];
  // Nothing tells two placebos of one target apart: one stands for all that its faults are.
  const placebos = new Map<string, string>();
  // Orders to an emulated machine at the same time make each other late.
  for (const part of parts) {
    const { target } = part.scene;
    const id =
      placebos.get(target) ?? (await tried(part, async () => await bed.inject(faultOf(part, isPlacebo))));
    if (isPlacebo && id !== undefined) placebos.set(target, id);
    ids.push(id);
  }
  const during = await looks(parts, tried);
  const stops = new Map<string, Promise<InjectionRecord | undefined>>();
  const records = await Promise.all(
    parts.map(async (part, at) => {
      const id = ids[at];
      if (id === undefined) return undefined;
      const stop = stops.get(id) ?? tried(part, async () => await bed.stop(id));
      stops.set(id, stop);
      return await stop;
    }),
  );
  return { during, records };
}

/** The answer to the order comes when the host is back; it is seen from the other one that it is away. */
async function amidCrash({ bed }: Stage, parts: readonly Part[], tried: Tried): Promise<Amid> {
  const [part, ...others] = parts;
  if (part === undefined || others.length > 0) throw new Error('a host crashes of one fault at a time');
  const { scene } = part;
  const ordered = bed.injected({ ...faultOf(part), duration: '10s' });
  ordered.catch(() => undefined);
  let victim: Sight | undefined;
  await until('the host is away', async () => {
    victim = await scene.victim();
    return scene.isHit(victim.amount, Infinity);
  });
  const neighbour = await scene.neighbour();
  await bed.comesBack();
  const record = await tried(part, async () => await ordered);
  return { during: [victim && { victim, neighbour }], records: [record] };
}

/** One after the other: emulated, each would make the next one slow. */
async function looks(parts: readonly Part[], tried: Tried): Promise<(Looks | undefined)[]> {
  const all: (Looks | undefined)[] = [];
  for (const part of parts) {
    const { victim, neighbour } = part.scene;
    all.push(await tried(part, async () => ({ victim: await victim(), neighbour: await neighbour() })));
  }
  return all;
}
