import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { ContainerTarget } from '../../injectors/target.ts';
import { addPart, type EarlierParts } from '../earlier-parts.ts';
import { leaveWill } from '../guardian/guardian.ts';
import { goneBecause, isSameInstance } from '../instance.ts';
import type { Staged } from '../stage.ts';
import type { Removal } from './removal.ts';
import type { TaskRun } from './task-run.ts';

interface Lost extends Staged {
  /** The instance that is gone. */
  readonly target: ContainerTarget;
  /** All that the fault has met so far, that one too. */
  readonly earlier: EarlierParts;
  readonly deadlineUs: number;
  readonly removal: Removal;
}

type Followed =
  | { readonly staged: Staged }
  | {
      readonly because: 'deadline' | 'stopped';
      readonly earlier: EarlierParts;
      /** Why it was not on the one that took the place, where there was one. */
      readonly error?: OrdealError;
    };

/** A look goes over all of the host; one that restarts takes longer than this. */
const lookEveryMs = 200;

/** Waits for what takes the place of the container, and has the same fault begin on it for the rest of its time. */
export async function follow(run: TaskRun, lost: Lost): Promise<Followed> {
  const { bench, orders, task } = run;
  let { earlier } = lost;
  let error: OrdealError | undefined;
  const isOver = (): boolean => orders.isEnded || monotonicUs() >= lost.deadlineUs;
  while (!isOver()) {
    let target: ContainerTarget | undefined;
    let staged: Staged | undefined;
    try {
      target = await successorOf(run, lost.target);
      if (target !== undefined) {
        staged = await stageOn(run, lost, target, earlier);
        if (isOver()) break;
        await begin(run, staged, lost.deadlineUs);
        return { staged };
      }
    } catch (thrown) {
      bench.log.warn({ injection: task.id, err: thrown }, 'a fault could not follow its target yet');
      // One that went again meanwhile is no trouble: the next one is waited for.
      const wentToo = target !== undefined && (await goneBecause(target)) !== undefined;
      error = wentToo ? undefined : OrdealError.from(thrown);
      if (staged !== undefined) earlier = addPart(earlier, (await lost.removal.of(staged)).ofThisPart);
    }
    await sleep(lookEveryMs, undefined, { signal: orders.ended, ref: false }).catch(() => undefined);
  }
  const because = orders.isEnded ? 'stopped' : 'deadline';
  return { because, earlier, ...(error === undefined ? {} : { error }) };
}

/** Undefined as long as there is none. What is protected by now is refused, as it would have been at first. */
async function successorOf({ bench }: TaskRun, lost: ContainerTarget): Promise<ContainerTarget | undefined> {
  for (const { name, target, protectedBecause } of await bench.inventory.look()) {
    if (target.kind !== 'container' || name !== lost.name || isSameInstance(target, lost)) continue;
    // A runtime makes the cgroup before anything runs in it.
    if (lost.init !== undefined && target.init === undefined) continue;
    if (protectedBecause === undefined) return target;
    throw new OrdealError('PROTECTED_TARGET', `the container "${name}" is protected: ${protectedBecause}`);
  }
  return undefined;
}

/** In the journal before anything happens, in the place of the one that is gone. */
async function stageOn(
  { bench, scope, task }: TaskRun,
  { entry, injector, deadlineUs }: Lost,
  target: ContainerTarget,
  earlier: EarlierParts,
): Promise<Staged> {
  const durationUs = Math.max(1, deadlineUs - monotonicUs());
  const injection = { ...entry.injection, target, durationUs };
  const memory = await injector.capture(injection);
  const next = { ...entry, injection, memory, earlier };
  await bench.journal.write(next);
  bench.live.move(task.id, target);
  const followed = { kind: 'injection.followed', injection: task.id, target: { ...target } } as const;
  bench.voice.event(scope, { ...followed, instance: earlier.instances + 1 });
  return { entry: next, injector };
}

/** At once, and to the deadline of the whole: a start that needs the lease as the first one did. */
async function begin({ bench, scope, task }: TaskRun, staged: Staged, deadlineUs: number): Promise<void> {
  const { injector, entry } = staged;
  const { injection, memory } = entry;
  const { guardian, lease, voice } = bench;
  const startUs = monotonicUs();
  if (!lease.holdsAt(startUs)) {
    const why = 'this host has not heard from its controller within the lease';
    throw new OrdealError('LEASE_EXPIRED', `injection ${task.id} does not follow its target now: ${why}`);
  }
  const { ahead } = injector;
  if (ahead === undefined) {
    await leaveWill(guardian, staged, deadlineUs);
    await injector.apply(injection, memory);
  } else {
    await ahead.arm(injection, memory, { startUs, deadlineUs, leaseUntilUs: () => lease.untilUs });
    await ahead.begun(injection, memory);
  }
  const verification = await injector.verify(injection, memory, 'applied');
  if (!verification.holds && monotonicUs() < deadlineUs) {
    throw new OrdealError('APPLY_FAILED', `reading back did not find the fault: ${verification.found}`);
  }
  voice.event(scope, { kind: 'injection.verified', injection: task.id, expected: 'applied', holds: true });
}
