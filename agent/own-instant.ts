import type { TaskRun } from './tasks/task-run.ts';

/** When a task starts, in this host's clock: once the controller has said it and the clocks have been compared. Undefined when it ends before. */
export async function ownInstant({ orders, bench }: TaskRun): Promise<number | undefined> {
  const startUs = await orders.start;
  if (startUs === undefined || orders.ended.aborted) return undefined;
  const ended = new Promise<void>((resolve) => {
    orders.ended.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([bench.clock.firstRead, ended]);
  return orders.ended.aborted ? undefined : bench.clock.toOwn(startUs);
}
