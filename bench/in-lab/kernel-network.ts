import type { Machine } from '../../lab/machine/machine.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { milliseconds, quantile } from '../quantile.ts';
import { boundaries } from './boundaries.ts';
import { delayErrors } from './delay-errors.ts';
import { bootGuest, guestNote } from './guest.ts';
import { withFault } from '../../test/kernel/kernel-fault.ts';
import { loaded } from './guest-fault.ts';
import { overhead, rounds, type Carried } from './overhead.ts';
import { device, Wan } from './wan.ts';

const secondsEach = 3;
const delayUs = 5_000;
const pings = 300;
const lossAsked = 0.3;
const lossPings = 3_000;
/** More than netem's queue of 1000 packets holds for the time of the delay. */
const load = { perSecond: 8_000, seconds: 3, delayUs: 250_000 };
const heldUs = 20_000;
const atZero = { device, effect: 'drop', mode: 'share 0' };

export const kernelNetwork: Benchmark = {
  name: 'kernel-network',
  title: 'The network module beside netem',
  method:
    `All in one boot of a lab's machine, on one veth pair, the module and netem in turn. Ratios are of one round each, and then the median of ${rounds}. ` +
    'The machine is emulated where KVM does not work: its times are of an emulated processor, so compare the two, not either with a real host.',
  async run(place) {
    const machine = await bootGuest(place, ['iproute2', 'iperf3']);
    const wan = await Wan.lay(machine);
    const figures: Figure[] = [
      ...(await throughputs(machine, wan)),
      ...(await loaded(machine, 'net', async () => [
        await loss(machine, wan),
        ...(await delays(machine, wan)),
        await underLoad(machine, wan),
        ...(await atItsBoundaries(machine, wan)),
      ])),
    ];
    const [first, ...rest] = figures;
    return first === undefined ? [] : [{ ...first, note: await guestNote(machine) }, ...rest];
  },
};

async function throughputs(machine: Machine, wan: Wan): Promise<Figure[]> {
  const compared = async (what: string, carried: Carried): Promise<Figure[]> => {
    const netem = async (): Promise<number> => await wan.withNetem('loss 0%', carried);
    const rivals = { 'netem at 0': netem };
    const figures = await overhead(machine, { kind: 'net', atZero, bare: carried, rivals });
    return figures.map((figure) => ({ ...figure, what: `${what}, ${figure.what}` }));
  };
  return [
    ...(await compared('TCP', async () => await wan.throughput(secondsEach))),
    ...(await compared('datagrams a second', async () => await wan.datagramsPerSecond(secondsEach))),
  ];
}

async function loss(machine: Machine, wan: Wan): Promise<Figure> {
  const attributes = { device, effect: 'drop', mode: `share ${lossAsked * 1e9}` };
  const ours = await withFault(machine, 'net', attributes, async () => await wan.loss(lossPings));
  const netem = await wan.withNetem(`loss ${lossAsked * 100}%`, async () => await wan.loss(lossPings));
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return {
    what: `loss of ${percent(lossAsked)}, of ${lossPings} pings`,
    found: `module ${percent(ours)}, netem ${percent(netem)}`,
  };
}

/** How far a ping's round trip is from the one without a fault and the delay together. */
async function delays(machine: Machine, wan: Wan): Promise<Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const expected = quantile(await wan.roundTripsUs(pings), 0.5) + delayUs;
    const error = (us: number): number => Math.abs(us - expected);
    const attributes = { device, effect: 'delay', delay_us: delayUs };
    const roundTrips = async (): Promise<number[]> => (await wan.roundTripsUs(pings)).map(error);
    ours.push(...(await withFault(machine, 'net', attributes, roundTrips)));
    theirs.push(...(await wan.withNetem(`delay ${delayUs}us`, roundTrips)));
  }
  return delayErrors({ delayUs, rival: 'netem', ours, theirs });
}

async function underLoad(machine: Machine, wan: Wan): Promise<Figure> {
  const sent = async (): Promise<{ sent: number; lost: number }> =>
    await wan.datagramsLost(load.perSecond, load.seconds);
  const attributes = { device, effect: 'delay', delay_us: load.delayUs };
  const ours = await withFault(machine, 'net', attributes, sent);
  const netem = await wan.withNetem(`delay ${load.delayUs}us`, sent);
  return {
    what: `lost of datagrams at ${load.perSecond} a second, delayed by ${milliseconds(load.delayUs)}`,
    found: `module ${ours.lost} of ${ours.sent}, netem ${netem.lost} of ${netem.sent}`,
    aim: { text: 'none by the module', isMet: ours.lost === 0 },
    note: 'netem with its usual queue of 1000 packets',
  };
}

async function atItsBoundaries(machine: Machine, wan: Wan): Promise<Figure[]> {
  return await wan.underTraffic(
    load.perSecond,
    async () =>
      await boundaries(machine, {
        kind: 'net',
        touching: { device, effect: 'drop' },
        holding: { device, effect: 'delay', delay_us: heldUs },
        held: `frames held for ${milliseconds(heldUs)}`,
        traffic: `a datagram every ${(1000 / load.perSecond).toFixed(2)} ms`,
      }),
  );
}
