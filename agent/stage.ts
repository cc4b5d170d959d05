import { OrdealError } from '../errors/ordeal-error.ts';
import type { Injector } from '../injectors/injector.ts';
import type { InjectionWork__Output } from '../proto/generated/ordeal/v1/InjectionWork.ts';
import { readInjectionOrder } from './injection-order.ts';
import type { JournalEntry } from './journal-entry.ts';
import { resolveTarget } from './resolve.ts';
import type { TaskRun } from './tasks/task-run.ts';

export interface Staged {
  readonly entry: JournalEntry;
  readonly injector: Injector;
}

/** Everything that can be refused is refused here, while nothing has happened; when it resolves, the intent is on disk. */
export async function stage(run: TaskRun, work: InjectionWork__Output): Promise<Staged> {
  const { bench, task, scope, orders } = run;
  const { injector, parameters, mode } = readInjectionOrder(task.id, work, bench.injectors);
  const { descriptor } = injector;
  const support = await injector.supported();
  if (!support.supported) {
    throw new OrdealError('UNSUPPORTED', `${descriptor.name} cannot work on this host: ${support.reason}`, {
      remedy: support.remedy,
    });
  }
  const target = resolveTarget(work.target, bench.host, await bench.inventory.look());
  bench.live.add(task.id, descriptor.name, target, scope);
  try {
    const { seed, durationUs } = work;
    const injection = { id: task.id, target, parameters, mode, seed, durationUs };
    const memory = await injector.capture(injection);
    const entry = { mechanism: descriptor.name, scope, injection, memory };
    await bench.journal.write(entry);
    bench.voice.event(scope, {
      kind: 'injection.staged',
      injection: task.id,
      fault: work.fault,
      cell: work.cell,
      mechanism: descriptor.name,
      target: { ...target },
      parameters,
      mode,
      seed,
      oneShot: descriptor.oneShot,
      effectUnit: descriptor.effectUnit,
      startUs: orders.startUs,
      durationUs,
    });
    return { entry, injector };
  } catch (error) {
    bench.live.remove(task.id);
    throw error;
  }
}
