import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Ahead } from '../../injectors/injector.ts';
import { noteCrash } from '../crash.ts';
import type { Lease } from '../lease.ts';
import type { Staged } from '../stage.ts';
import { refuseLate, refuseStart, type Span, type Start } from './start.ts';
import type { TaskRun } from './task-run.ts';

/** Longer than a starved process is held up, and well within a lease: what is hooked ahead is in the way of what it does not touch yet. */
const armAheadUs = 2_000_000;

/**
 * The kernel is told of the start and the end ahead, and does both by itself; it goes on allowing the start only as long as the lease is renewed.
 * Throws where the fault may be armed, and is not as asked for.
 */
export async function startByKernel(
  run: TaskRun,
  ahead: Ahead,
  { entry, injector }: Staged,
  span: Span,
): Promise<Start> {
  const { bench, orders, task, scope } = run;
  const { startUs } = span;
  const { lease, appointments } = bench;
  const { injection, memory } = entry;
  if (!(await appointments.keep(startUs - armAheadUs, orders.ended))) return { began: false };
  await untilItHolds(lease, startUs, orders.ended);
  if (orders.isEnded) return { began: false };
  const refused = refuseStart(run, startUs);
  if (refused !== undefined) return { began: false, error: refused };
  if (injector.descriptor.crashesHost) await noteCrash(bench.journal, entry, startUs);
  const passOn = (leaseUntilUs: number): void => {
    ahead.renew(injection, memory, leaseUntilUs).catch((error: unknown) => {
      bench.log.warn(
        { injection: task.id, ...scope, err: error },
        'the kernel was not told that the lease goes on',
      );
    });
  };
  // From before it is armed: acts on one injection take turns, so what comes meanwhile is passed on behind the arming.
  const stopPassing = lease.onRenewal(passOn);
  try {
    await ahead.arm(injection, memory, { ...span, leaseUntilUs: () => lease.untilUs });
    if (!(await appointments.keep(startUs, orders.ended))) return { began: false };
  } finally {
    stopPassing();
  }
  let activeUs: number;
  try {
    activeUs = await ahead.begun(injection, memory);
  } catch (thrown) {
    const error = OrdealError.from(thrown);
    if (error.code !== 'LEASE_EXPIRED') throw error;
    return { began: false, error };
  }
  bench.live.activate(task.id);
  refuseLate(run, startUs, activeUs);
  return { began: true, activeUs, appliedUs: activeUs };
}

/** At the latest until the start: then it is told that it does not hold. */
async function untilItHolds(lease: Lease, startUs: number, ended: AbortSignal): Promise<void> {
  const nowUs = monotonicUs();
  if (lease.holdsAt(nowUs) || nowUs >= startUs || ended.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, Math.ceil((startUs - nowUs) / 1000));
    const stopListening = lease.onRenewal(done);
    ended.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      stopListening();
      ended.removeEventListener('abort', done);
      resolve();
    }
  });
}
