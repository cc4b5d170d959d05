import { OrdealError } from '../../errors/ordeal-error.ts';
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
  const found = (await inventory.look()).map(({ target }) => target);
  const targets = [...found, ...live.targets];
  for (const [name, injector] of injectors) {
    try {
      for (const handle of await injector.handles(targets)) {
        if (!live.owns(handle)) residue.push(`${name}: ${handle}`);
      }
    } catch (error) {
      // Where a mechanism cannot work at all it cannot have left anything either.
      const support = await injector.supported();
      if (support.supported) {
        residue.push(`${name}: could not be looked for: ${OrdealError.from(error).message}`);
      }
    }
  }
  return residue;
}
