import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects } from '../../injectors/injector.ts';
import type { InjectionWork__Output } from '../../proto/generated/ordeal/v1/InjectionWork.ts';
import { ownInstant } from '../own-instant.ts';
import { stage, type Staged } from '../stage.ts';
import { failed, type Status } from '../status.ts';
import { hold, type Held } from './hold.ts';
import { Removal } from './removal.ts';
import { startByKernel } from './start-by-kernel.ts';
import { startByAgent, type Span, type Start } from './start.ts';
import type { TaskRun } from './task-run.ts';

/** How the life of a fault came to its end, before what there is of it is taken away. */
type End =
  | Held
  | ({ readonly staged: Staged } & (
      | { readonly because: 'failed'; readonly error: OrdealError }
      | { readonly because: 'never-started'; readonly error?: OrdealError }
    ));

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
  run.say({ state: 'STAGED', target: targetOf(staged) });
  const removal = new Removal(run);
  const end = await live(run, work, staged, removal).catch((thrown: unknown): End => {
    return { because: 'failed', error: OrdealError.from(thrown), staged };
  });
  const target = targetOf('staged' in end ? end.staged : staged);
  return { ...(await finish(run, end, removal)), target };
}

async function live(
  run: TaskRun,
  { durationUs, onRestart }: InjectionWork__Output,
  staged: Staged,
  removal: Removal,
): Promise<End> {
  const startUs = await ownInstant(run);
  if (startUs === undefined) return { because: 'never-started', staged };
  const deadlineUs = startUs + durationUs;
  try {
    const start = await startOf(run, staged, { startUs, deadlineUs });
    if (!start.began) return { because: 'never-started', ...start, staged };
    await proveStart(run, staged, start, deadlineUs);
  } catch (thrown) {
    return { because: 'failed', error: OrdealError.from(thrown, 'APPLY_FAILED'), staged };
  }
  run.say({ state: 'ACTIVE', target: targetOf(staged) });
  return await hold(run, { staged, deadlineUs, follows: onRestart === 'follow', removal });
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

async function finish(run: TaskRun, end: End, removal: Removal): Promise<Status> {
  const { bench, task } = run;
  const error = 'error' in end ? end.error : undefined;
  if (error !== undefined) reportFailure(run, 'start', error);
  const effects = await effectsOf(run, end, removal);
  run.afterwards(async () => {
    await bench.journal.remove(task.id);
    bench.live.remove(task.id);
  });
  const failure = removal.stuck ?? error;
  return failure === undefined ? { state: 'ENDED', effects } : { ...failed(failure), effects };
}

/** Of what is there, when it has been taken away; of what was between two instances of its target, at once. */
async function effectsOf({ bench, scope, task }: TaskRun, end: End, removal: Removal): Promise<Effects> {
  if (!('staged' in end)) {
    const { because, effects } = end;
    bench.voice.event(scope, { kind: 'injection.reverted', injection: task.id, because, effects });
    return effects;
  }
  const because = end.because === 'never-started' ? undefined : end.because;
  const remark = 'remark' in end ? end.remark : undefined;
  return (await removal.of(end.staged, because, remark)).effects;
}

function targetOf({ entry }: Staged): string {
  return JSON.stringify(entry.injection.target);
}

function reportFailure({ bench, scope, task }: TaskRun, during: 'stage' | 'start', error: OrdealError): void {
  const { code, message } = error;
  bench.log.warn({ injection: task.id, err: error }, `an injection failed during its ${during}`);
  bench.voice.event(scope, { kind: 'injection.failed', injection: task.id, during, code, message });
}
