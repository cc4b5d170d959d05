import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Injector } from '../../injectors/injector.ts';
import type { Target } from '../../injectors/target.ts';
import type { Status } from '../status.ts';
import type { Workbench } from '../workbench.ts';
import type { TaskRun } from './task-run.ts';

/**
 * Looks for anything of Ordeal's on the host; what cannot be looked at is not clean. It is asked before the faults of an attempt are staged and
 * after they have ended, so any injection that this host holds then is one too many: one that is stuck, another campaign's, one by hand.
 */
export async function runHostCheck({ bench, scope }: TaskRun): Promise<Status> {
  const residue = await residueOn(bench);
  bench.voice.event(scope, { kind: 'host.checked', residue });
  return { state: 'ENDED', found: residue };
}

async function residueOn({ injectors, inventory, live, journal }: Workbench): Promise<string[]> {
  const residue = live.notOver();
  for (const path of await journal.damaged()) {
    residue.push(
      `the journal entry ${path} cannot be read, so its fault may still be there: look at the host, then remove the file`,
    );
  }
  // A target that is not found any more may still hold what an injection left there.
  const targets = [...(await inventory.look()).map(({ target }) => target), ...live.targets];
  const looks = [...injectors].map(([name, injector]) => ({ name, injector }));
  const apart = looks.filter(({ injector }) => !asksMonitors(injector));
  const found = await Promise.all(apart.map(async (look) => await handlesOf(look, targets, live)));
  residue.push(...found.flat());
  for (const look of looks.filter(({ injector }) => asksMonitors(injector)))
    residue.push(...(await handlesOf(look, targets, live)));
  return residue;
}

/** The monitor of a QEMU serves one at a time, and tells others nothing; all other mechanisms look at once. */
function asksMonitors({ descriptor }: Injector): boolean {
  return descriptor.serves.every((service) => service.targets.every((kind) => kind === 'vm'));
}

async function handlesOf(
  { name, injector }: { readonly name: string; readonly injector: Injector },
  targets: readonly Target[],
  live: Workbench['live'],
): Promise<string[]> {
  try {
    const handles = await injector.handles(targets);
    return handles.filter((handle) => !live.owns(handle)).map((handle) => `${name}: ${handle}`);
  } catch (error) {
    // Where a mechanism cannot work at all it cannot have left anything either.
    const { supported } = await injector.supported();
    return supported ? [`${name}: could not be looked for: ${OrdealError.from(error).message}`] : [];
  }
}
