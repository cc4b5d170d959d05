import { embeddedOptions } from '../../cli/embedded-place.ts';
import { bugNames, type BugName } from '../../embedded/bugs/bug-name.ts';
import { down, up as embeddedUp } from '../../embedded/system.ts';
import { OrdealUp } from '../../test/kills/ordeal-up.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { explore, type Exploration, type Explored } from './exploration.ts';
import { faultload, pairs, reachedBy } from './faultload.ts';

interface Strategy {
  readonly name: string;
  readonly prune: readonly object[];
}

const bruteForce: Strategy = { name: 'brute-force', prune: [] };
const policies: readonly Strategy[] = [{ name: 'same-recovery', prune: [{ policy: 'same-recovery' }] }];

const timesFewer = 10;

/** The outcome classes of a service that does not come back by itself, or is believed and wrong. */
const failed = ['wrong-answers', 'not-recovered', 'host-crash'];

/** What pruning saves, and what it misses, where the bugs are known. */
export const prefail: Benchmark = {
  name: 'prefail',
  title: "PreFail's table: pruned pairs of faults beside all of them",
  method:
    `The [embedded target](../embedded/system.ts) with its ${bugNames.length} [seeded bugs](seeded-bugs.md), which no fault alone shows. ${faultload.length} faults (${faultload.map(({ name }) => name).join(', ')}), ` +
    `each alone and in all ${pairs.length} pairs, the second 1 s after the first (of two deaths half a second), once each. The same plan is run twice: all of it, and with [the policy](campaign-file.md#prune) \`same-recovery\`. ` +
    'A failure is a trial after which the service is down, or gives wrong answers. A bug is found where the target has written what it writes of it; which pairs reach which bug is known before.',
  async run(place) {
    const name = `prefail-${process.pid}`;
    place.after(async () => await down(embeddedOptions(name)));
    await embeddedUp({ ...embeddedOptions(name), bugs: bugNames });
    const up = await OrdealUp.start(name);
    place.after(async () => await up.end());
    const all = await run(up, bruteForce);
    const figures = [...rows(bruteForce, all), alone(all), asKnown(all)];
    for (const policy of policies) {
      const few = await run(up, policy);
      figures.push(...rows(policy, few, all), missed(policy, few, all));
    }
    return figures;
  },
};

async function run(up: OrdealUp, { name, prune }: Strategy): Promise<Exploration> {
  const exploration = await explore(up, name, prune);
  for (const { trial, name: faults, outcome, bugs } of exploration.explored)
    process.stdout.write(`  ${name} ${trial} ${faults}: ${outcome} ${bugs.join(', ')}\n`);
  return exploration;
}

/** One fault a trial, two, and both together; the aim is of two, as PreFail's is. */
function rows({ name }: Strategy, { explored, pruned, minutes }: Exploration, all?: Exploration): Figure[] {
  const most = all === undefined ? 0 : Math.floor(ofSize(all, 2).length / timesFewer);
  const [one, two] = [1, 2].map((faults) => explored.filter((trial) => trial.faults === faults));
  const aim = { text: `${most} trials at the most`, isMet: (two?.length ?? 0) <= most };
  return [
    { what: `${name}, one fault a trial`, found: told(one ?? []) },
    { what: `${name}, two faults a trial`, found: told(two ?? []), ...(all === undefined ? {} : { aim }) },
    {
      what: `${name}, in total`,
      found: told(explored),
      note: `${pruned} left out; ${minutes.toFixed(0)} minutes${withoutVerdict(explored)}`,
    },
  ];
}

function told(trials: readonly Explored[]): string {
  const failures = trials.filter(({ outcome }) => failed.includes(outcome));
  return `${trials.length} trials, ${failures.length} failures, ${foundIn(trials).length} bugs`;
}

function withoutVerdict(trials: readonly Explored[]): string {
  const unknown = trials.filter(isUnknown);
  return unknown.length === 0 ? '' : `; nothing is known of ${unknown.map(({ name }) => name).join(', ')}`;
}

function isUnknown({ outcome }: Explored): boolean {
  return outcome === 'unknown' || outcome === 'not-activated';
}

function alone(all: Exploration): Figure {
  const found = foundIn(ofSize(all, 1));
  return {
    what: 'bugs that a fault alone shows',
    found: found.join(', ') || 'none',
    aim: { text: 'none', isMet: found.length === 0 },
  };
}

function asKnown(all: Exploration): Figure {
  const others = pairs.flatMap((pair) => {
    const tried = ofSize(all, 2).find(({ name }) => name === pair.name);
    if (tried === undefined || isUnknown(tried)) return [`${pair.name}: not known`];
    const found = tried.bugs;
    const known = reachedBy(pair);
    const isSame = bugNames.every((bug) => found.includes(bug) === known.includes(bug));
    return isSame ? [] : [`${pair.name}: ${found.join(', ') || 'none'}, not ${known.join(', ') || 'none'}`];
  });
  return {
    what: 'pairs that have reached just the bugs that they were known to reach',
    found: `${pairs.length - others.length} of ${pairs.length}`,
    aim: { text: 'all', isMet: others.length === 0 },
    note: [...bugNames.map((bug) => `${bug}: ${countOf(bug)} pairs`), ...others].join('; '),
  };
}

function countOf(bug: BugName): number {
  return pairs.filter((pair) => reachedBy(pair).includes(bug)).length;
}

function missed({ name }: Strategy, few: Exploration, all: Exploration): Figure {
  const found = foundIn(few.explored);
  const bugs = foundIn(all.explored).filter((bug) => !found.includes(bug));
  const chosen = ofSize(few, 2).map((pair) => `${pair.name} (${pair.bugs.join(', ') || 'none'})`);
  return {
    what: `${name}, bugs missed`,
    found: bugs.join(', ') || 'none',
    aim: { text: 'none', isMet: bugs.length === 0 },
    note: chosen.join('; '),
  };
}

function ofSize({ explored }: Exploration, faults: number): Explored[] {
  return explored.filter((trial) => trial.faults === faults);
}

function foundIn(trials: readonly Explored[]): BugName[] {
  return bugNames.filter((name) => trials.some(({ bugs }) => bugs.includes(name)));
}
