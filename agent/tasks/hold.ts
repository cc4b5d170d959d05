import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import type { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects } from '../../injectors/injector.ts';
import type { ContainerTarget } from '../../injectors/target.ts';
import { addPart, wholeOf } from '../earlier-parts.ts';
import { goneBecause, untilGone } from '../instance.ts';
import type { Staged } from '../stage.ts';
import { follow } from './follow.ts';
import type { Removal } from './removal.ts';
import type { TaskRun } from './task-run.ts';

/** How an active fault came to its end: what of it is to be taken away, or, where it was between two instances of its target, what it came to. */
export type Held = { readonly because: 'deadline' | 'stopped' | 'target-gone'; readonly remark?: string } & (
  { readonly staged: Staged } | { readonly effects: Effects; readonly error?: OrdealError }
);

interface Active {
  readonly staged: Staged;
  readonly deadlineUs: number;
  /** Whether it goes on on what takes the place of its target. */
  readonly follows: boolean;
  readonly removal: Removal;
}

/** Until its time is over, somebody ends it, or its target goes and it is not to follow. */
export async function hold(run: TaskRun, active: Active): Promise<Held> {
  const { deadlineUs, follows, removal } = active;
  let { staged } = active;
  for (;;) {
    const { target } = staged.entry.injection;
    const watched = isWatched(staged, follows) && target.kind === 'container' ? target : undefined;
    const end = await holdOne(run, staged, deadlineUs, watched);
    if (watched === undefined || 'because' in end) return { because: 'deadline', ...end, staged };
    run.bench.log.info({ injection: run.task.id, target, follows, ...end }, 'the target of a fault is gone');
    if (!follows) {
      const remark = `it ended with the container ${watched.name}: ${end.gone}`;
      return { because: 'target-gone', remark, staged };
    }
    const earlier = addPart(staged.entry.earlier, (await removal.of(staged)).ofThisPart);
    const followed = await follow(run, { ...staged, target: watched, earlier, deadlineUs, removal });
    if (!('staged' in followed)) {
      const { because, error } = followed;
      const effects = wholeOf(followed.earlier, watched.name);
      return { because, effects, ...(error === undefined ? {} : { error }) };
    }
    staged = followed.staged;
    run.say({ state: 'ACTIVE', target: JSON.stringify(staged.entry.injection.target) });
  }
}

/** What is over when it has begun does not end with its target: it was to take that away. */
function isWatched({ injector }: Staged, follows: boolean): boolean {
  return follows || !injector.descriptor.oneShot;
}

async function holdOne(
  run: TaskRun,
  staged: Staged,
  deadlineUs: number,
  watched: ContainerTarget | undefined,
): Promise<{ readonly because: 'deadline' | 'stopped' } | { readonly gone: string }> {
  const { appointments } = run.bench;
  const over = new AbortController();
  const signal = AbortSignal.any([run.orders.ended, over.signal]);
  const watching =
    watched === undefined
      ? undefined
      : untilGone(watched, signal).then((why) => {
          over.abort();
          return why;
        });
  void lookBeforeTheEnd(run, staged, deadlineUs, signal);
  const reached = await appointments.keep(deadlineUs, signal);
  over.abort();
  if (reached) return { because: 'deadline' };
  const gone = await watching;
  return gone === undefined ? { because: 'stopped' } : { gone };
}

/** Far enough before the end that reading back, which may start a program, is over by then on all but the busiest hosts. */
const lastLookUs = 200_000;

/**
 * Whether the fault lasted: somebody else may have taken it away (flushed the rules, written the limit). Beside the wait for the end, not before it,
 * and not at it: nothing that is read may make the end late, so an answer that comes after the end, or during it, is dropped. What vanishes
 * after this look is not noticed.
 */
async function lookBeforeTheEnd(
  { bench, scope, task }: TaskRun,
  { injector, entry: { injection, memory } }: Staged,
  deadlineUs: number,
  over: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => over.aborted || monotonicUs() >= deadlineUs;
  const lookUs = deadlineUs - lastLookUs;
  // What is over at once does not last, and what is so short has just been read back.
  if (injector.descriptor.oneShot || lookUs - monotonicUs() < lastLookUs) return;
  try {
    await sleepUntil(lookUs, over);
    const verification = await injector.verify(injection, memory, 'applied');
    if (isOver()) return;
    const { target } = injection;
    // What is gone with its container is not there any more, and that is told otherwise.
    if (target.kind === 'container' && (await goneBecause(target)) !== undefined) return;
    const verified = { kind: 'injection.verified', injection: task.id, expected: 'applied' } as const;
    bench.voice.event(scope, { ...verified, ...verification });
  } catch (error) {
    if (over.aborted) return;
    bench.log.warn({ injection: task.id, err: error }, 'a fault could not be read back before its end');
  }
}
