import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { InjectionWork__Output } from '../../proto/generated/ordeal/v1/InjectionWork.ts';
import { ownInstant } from '../own-instant.ts';
import { stage, type Staged } from '../stage.ts';
import { failed, type Status } from '../status.ts';
import { takeAway } from '../take-away.ts';
import { startByKernel } from './start-by-kernel.ts';
import { startByAgent, type Span, type Start } from './start.ts';
import type { TaskRun } from './task-run.ts';

/** How the life of a fault came to its end, before it is taken away. */
type End =
  | { readonly because: 'deadline' | 'stopped' }
  | { readonly because: 'failed'; readonly error: OrdealError }
  | { readonly because: 'never-started'; readonly error?: OrdealError };

/**
 * One fault from its staging to the proof that nothing is left of it. The start needs the controller's lease; the end needs nothing but this
 * host's clock. Once it is staged, every way out leads through the revert.
 */
export async function runInjection(run: TaskRun, work: InjectionWork__Output): Promise<Status> {
  let staged: Staged;
  try {
    staged = await stage(run, work);
  } catch (error) {
    reportFailure(run, 'stage', OrdealError.from(error));
    return failed(error);
  }
  const target = JSON.stringify(staged.entry.injection.target);
  run.say({ state: 'STAGED', target });
  const end = await live(run, work, staged, target).catch((thrown: unknown): End => {
    return { because: 'failed', error: OrdealError.from(thrown) };
  });
  return { ...(await finish(run, staged, end)), target };
}

async function live(
  run: TaskRun,
  { durationUs }: InjectionWork__Output,
  staged: Staged,
  target: string,
): Promise<End> {
  const { bench, orders } = run;
  const startUs = await ownInstant(run);
  if (startUs === undefined) return { because: 'never-started' };
  const deadlineUs = startUs + durationUs;
  try {
    const start = await startOf(run, staged, { startUs, deadlineUs });
    if (!start.began) return { because: 'never-started', ...start };
    await proveStart(run, staged, start, deadlineUs);
  } catch (thrown) {
    return { because: 'failed', error: OrdealError.from(thrown, 'APPLY_FAILED') };
  }
  run.say({ state: 'ACTIVE', target });
  void lookBeforeTheEnd(run, staged, deadlineUs);
  const reached = await bench.appointments.keep(deadlineUs, orders.ended);
  return { because: reached ? 'deadline' : 'stopped' };
}

/** Whoever can hold it: the kernel, where the mechanism has it do so. */
async function startOf(run: TaskRun, staged: Staged, span: Span): Promise<Start> {
  const { ahead } = staged.injector;
  return ahead === undefined
    ? await startByAgent(run, staged, span)
    : await startByKernel(run, ahead, staged, span);
}

async function proveStart(
  { bench, scope, task }: TaskRun,
  { injector, entry: { injection, memory } }: Staged,
  { activeUs, appliedUs }: Start & { began: true },
  deadlineUs: number,
): Promise<void> {
  const active = { kind: 'injection.active', injection: task.id, appliedUs } as const;
  bench.voice.event(scope, active, { monoUs: activeUs });
  bench.clockReports.say(scope);
  const verification = await injector.verify(injection, memory, 'applied');
  // What the kernel ends by itself may be over before it could be read back; that says nothing about its beginning.
  if (!verification.holds && monotonicUs() >= deadlineUs) return;
  bench.voice.event(scope, {
    kind: 'injection.verified',
    injection: task.id,
    expected: 'applied',
    ...verification,
  });
  if (verification.holds) return;
  throw new OrdealError('APPLY_FAILED', `reading back did not find the fault: ${verification.found}`);
}

/** Far enough before the end that reading back, which may start a program, is over by then on all but the busiest hosts. */
const lastLookUs = 200_000;

/**
 * Whether the fault lasted: somebody else may have taken it away (flushed the rules, written the limit). Beside the wait for the end, not before it,
 * and not at it: nothing that is read may make the end late, so an answer that comes after the end, or during it, is dropped. What vanishes
 * after this look is not noticed.
 */
async function lookBeforeTheEnd(run: TaskRun, staged: Staged, deadlineUs: number): Promise<void> {
  const { bench, orders, scope, task } = run;
  const { injector, entry } = staged;
  const lookUs = deadlineUs - lastLookUs;
  // What is over at once does not last, and what is so short has just been read back.
  if (injector.descriptor.oneShot || lookUs - monotonicUs() < lastLookUs) return;
  try {
    await sleepUntil(lookUs, orders.ended);
    const verification = await injector.verify(entry.injection, entry.memory, 'applied');
    if (orders.isEnded || monotonicUs() >= deadlineUs) return;
    const verified = { kind: 'injection.verified', injection: task.id, expected: 'applied' } as const;
    bench.voice.event(scope, { ...verified, ...verification });
  } catch (error) {
    if (orders.isEnded) return;
    bench.log.warn({ injection: task.id, err: error }, 'a fault could not be read back before its end');
  }
}

async function finish(run: TaskRun, { entry, injector }: Staged, end: End): Promise<Status> {
  const { bench, orders, task } = run;
  const error = 'error' in end ? end.error : undefined;
  if (error !== undefined) reportFailure(run, 'start', error);
  const because = end.because === 'never-started' ? undefined : end.because;
  let stuckBecause: OrdealError | undefined;
  const onStuck = (stuck: OrdealError): void => {
    stuckBecause ??= stuck;
    const { code, message } = stuck;
    run.say({ state: 'STUCK', error: { code, message }, found: [message] });
  };
  const pause = async (ms: number): Promise<void> => await orders.pause(ms);
  const { effects, tries } = await takeAway({ entry, injector, because, pause, onStuck }, bench);
  run.afterwards(async () => {
    await bench.journal.remove(task.id);
    bench.live.remove(task.id);
  });
  if (stuckBecause !== undefined) {
    const message = `it was taken away only at try ${tries}: ${stuckBecause.message}`;
    return { ...failed(new OrdealError('REVERT_FAILED', message)), effects };
  }
  return error === undefined ? { state: 'ENDED', effects } : { ...failed(error), effects };
}

function reportFailure({ bench, scope, task }: TaskRun, during: 'stage' | 'start', error: OrdealError): void {
  const { code, message } = error;
  bench.log.warn({ injection: task.id, err: error }, `an injection failed during its ${during}`);
  bench.voice.event(scope, { kind: 'injection.failed', injection: task.id, during, code, message });
}
