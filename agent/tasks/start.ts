import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { leaveWill } from '../guardian/guardian.ts';
import type { Staged } from '../stage.ts';
import type { TaskRun } from './task-run.ts';

/** The instants of a fault, in this host's clock. */
export interface Span {
  readonly startUs: number;
  readonly deadlineUs: number;
}

/** Whether a fault began: since when it was active and since when it was whole; or, where the start was refused and not only called off, why. */
export type Start =
  | { readonly began: true; readonly activeUs: number; readonly appliedUs: number }
  | { readonly began: false; readonly error?: OrdealError };

/** A fault that begins later than this is another fault than the one that was planned: the trial would measure it at the wrong time. */
const latestStartUs = 1_000_000;

export function refuseStart({ bench, task }: TaskRun, startUs: number): OrdealError | undefined {
  const nowUs = monotonicUs();
  if (!bench.lease.holdsAt(nowUs)) {
    const why = 'this host had not heard from its controller within the lease when it was to start';
    return new OrdealError('LEASE_EXPIRED', `injection ${task.id} was not started: ${why}`);
  }
  if (nowUs - startUs <= latestStartUs) return undefined;
  const late = `its start was ${Math.round((nowUs - startUs) / 1000)} ms ago when it could have begun`;
  return new OrdealError('LEASE_EXPIRED', `injection ${task.id} was not started: ${late}`);
}

/** Of one that took so long to arm that its start had passed: the kernel began it, and it has to go. */
export function refuseLate({ task }: TaskRun, startUs: number, activeUs: number): void {
  if (activeUs - startUs <= latestStartUs) return;
  const late = `it began ${Math.round((activeUs - startUs) / 1000)} ms after its start, for so long it took to arm`;
  throw new OrdealError('LEASE_EXPIRED', `injection ${task.id} was ended at once: ${late}`);
}

/** By this host's clock, as sharply as a process can. Throws where the fault may be there by half. */
export async function startByAgent(
  run: TaskRun,
  staged: Staged,
  { startUs, deadlineUs }: Span,
): Promise<Start> {
  const { bench, orders, task } = run;
  const { entry, injector } = staged;
  // Ahead of the start, which it would make late.
  await leaveWill(bench.guardian, staged, deadlineUs);
  if (!(await bench.appointments.keep(startUs, orders.ended))) return { began: false };
  const error = refuseStart(run, startUs);
  if (error !== undefined) return { began: false, error };
  bench.live.activate(task.id);
  // The first effects come while apply is still at it.
  const activeUs = monotonicUs();
  await injector.apply(entry.injection, entry.memory);
  return { began: true, activeUs, appliedUs: monotonicUs() };
}
