import type { TaskRun } from './tasks/task-run.ts';

/** When a task starts, in this host's clock: once the controller has said it and the clocks have been compared. Undefined when it ends before. */
export async function ownInstant({ orders, bench }: TaskRun): Promise<number | undefined> {
  const startUs = await orders.start;
  if (startUs === undefined || !(await clocksCompared({ orders, bench }))) return undefined;
  return bench.clock.toOwn(startUs);
}

/** False when the task ends before. */
async function clocksCompared({ orders, bench }: Pick<TaskRun, 'orders' | 'bench'>): Promise<boolean> {
  if (orders.isEnded) return false;
  const ended = new Promise<boolean>((resolve) => {
    orders.ended.addEventListener('abort', () => resolve(false), { once: true });
  });
  return await Promise.race([bench.clock.firstRead.then(() => true), ended]);
}
