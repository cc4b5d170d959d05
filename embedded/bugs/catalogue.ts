import type { EmbeddedSystem } from '../layout.ts';
import { soundRepairs, type Repairs } from '../repairs.ts';
import { bugNames, type BugName } from './bug-name.ts';
import { oneRestartAtATime } from './one-restart-at-a-time.ts';
import type { SeededBug } from './seeded-bug.ts';
import { sorryForGood } from './sorry-for-good.ts';
import { uncheckedCopy } from './unchecked-copy.ts';

export const bugs: Readonly<Record<BugName, SeededBug>> = {
  'unchecked-copy': uncheckedCopy,
  'one-restart-at-a-time': oneRestartAtATime,
  'sorry-for-good': sorryForGood,
};

/** The target's repairs, with the bugs that it was made with. */
export function repairsOf(system: EmbeddedSystem): Repairs {
  return bugNames
    .filter((name) => system.bugs.includes(name))
    .reduce((repairs, name) => bugs[name].mistaken(repairs, system), soundRepairs(system));
}
