import type { Machine } from '../../lab/machine/machine.ts';
import { withFault, type Attributes } from '../../test/kernel/kernel-fault.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { quantile } from '../quantile.ts';
import { bootGuest, guestNote } from './guest.ts';
import { loaded } from './guest-fault.ts';
import { GuestWork } from './guest-work.ts';
import { rounds } from './overhead.ts';

const secondsEach = 3;
/** What remains is the kernel's own: it keeps 5 % of each processor from real-time threads. */
const sharesAsked = [10, 30, 50, 70, 90];
const pointsOff = 2;
const mostOverhead = 1.02;
const elsewhere = '/sys/fs/cgroup/elsewhere';

export const kernelCpu: Benchmark = {
  name: 'kernel-cpu',
  title: 'The module of processors beside stress-ng, and beside those who are not meant',
  method:
    `All in one boot of a lab's machine with two processors. The victim and its neighbour do the same work at the same time, the one on the processor that is hogged, the other on the one that is not; ratios are of one round each, and then the median of ${rounds}. ` +
    'The machine is emulated where KVM does not work.',
  async run(place) {
    const machine = await bootGuest(place, ['stress-ng'], 2);
    const work = await GuestWork.bring(machine);
    const figures = await loaded(machine, 'cpu', async () => [
      ...(await shares(machine)),
      ...(await leftByHogs(machine, work)),
      ...(await callsOfOthers(machine, work)),
    ]);
    const [first, ...rest] = figures;
    return first === undefined ? [] : [{ ...first, note: await guestNote(machine) }, ...rest];
  },
};

const hog = (percent: number): Attributes => ({ effect: 'hog', cpus: '1', hog_percent: percent });

async function shares(machine: Machine): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const asked of sharesAsked) {
    const got: number[] = [];
    for (let round = 0; round < rounds; round += 1) got.push(await shareGot(machine, asked));
    const furthest = Math.max(...got.map((percent) => Math.abs(percent - asked)));
    figures.push({
      what: `share of a processor that a hog gets of ${asked} % asked`,
      found: spreadOf(got, (percent) => `${percent.toFixed(1)} %`),
      aim: { text: `within ${pointsOff} points, each time`, isMet: furthest <= pointsOff },
    });
  }
  return figures;
}

/** What the scheduler counted for the hog, beside a program that wants the processor too. */
async function shareGot(machine: Machine, asked: number): Promise<number> {
  return await withFault(machine, 'cpu', hog(asked), async (fault) => {
    await machine.run(`taskset -c 1 timeout ${secondsEach} perl -e '1 while 1'`);
    const { lines } = await fault.status();
    return (100 * Number(lines['ran_ns'])) / Number(lines['wall_ns']);
  });
}

async function leftByHogs(machine: Machine, work: GuestWork): Promise<Figure[]> {
  const none: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    none.push(await work.left(secondsEach));
    ours.push(await withFault(machine, 'cpu', hog(100), async () => await work.left(secondsEach)));
    theirs.push(await besideStress(machine, async () => await work.left(secondsEach)));
  }
  const share = (values: readonly number[]): string => spreadOf(values, (value) => value.toFixed(3));
  return [
    { what: 'work of a program, nothing beside it : that of its neighbour', found: share(none) },
    {
      what: 'work of a program, beside a hog of 100 % : that of its neighbour',
      found: share(ours),
      aim: { text: "less than beside stress-ng's", isMet: quantile(ours, 0.5) < quantile(theirs, 0.5) },
    },
    {
      what: "work of a program, beside stress-ng's cpu stressor : that of its neighbour",
      found: share(theirs),
    },
  ];
}

async function besideStress<Result>(machine: Machine, work: () => Promise<Result>): Promise<Result> {
  const pid = await machine.demand(
    'stress-ng --cpu 1 --taskset 1 --timeout 600 < /dev/null > /dev/null 2>&1 & echo $!; sleep 1',
  );
  try {
    return await work();
  } finally {
    await machine.demand(`kill ${pid.trim()}; while kill -0 ${pid.trim()} 2> /dev/null; do sleep 0.1; done`);
  }
}

async function callsOfOthers(machine: Machine, work: GuestWork): Promise<Figure[]> {
  await machine.demand(['mkdir', elsewhere]);
  const calls = async (): Promise<number> => {
    const [perSecond = Number.NaN] = await work.done('syscalls', secondsEach, 1);
    return perSecond;
  };
  const armed = (trigger: string): Attributes => ({
    effect: 'registers',
    cgroup: elsewhere,
    trigger,
    times: 0,
  });
  const again: number[] = [];
  const costs = new Map<string, number[]>([
    ['timer', []],
    ['syscall', []],
  ]);
  for (let round = 0; round < rounds; round += 1) {
    const [first, second] = [await calls(), await calls()];
    again.push(first / second);
    for (const [trigger, ratios] of costs)
      ratios.push((first + second) / 2 / (await withFault(machine, 'cpu', armed(trigger), calls)));
  }
  await machine.demand(['rmdir', elsewhere]);
  const ratio = (values: readonly number[]): string => spreadOf(values, (value) => value.toFixed(2));
  return [
    { what: 'time of a system call, again : not armed', found: ratio(again), note: 'the noise' },
    ...[...costs].map(([trigger, ratios]) => ({
      what: `time of a system call, registers armed on another cgroup (${trigger}) : not armed`,
      found: ratio(ratios),
      aim: { text: 'at most 1.02', isMet: quantile(ratios, 0.5) <= mostOverhead },
      note: 'getppid, which the kernel answers at once: of no other call is it a larger part',
    })),
  ];
}

function spreadOf(values: readonly number[], print: (value: number) => string): string {
  const [least, median, most] = [0, 0.5, 1].map((share) => print(quantile(values, share)));
  return `${median} (${least} to ${most})`;
}
