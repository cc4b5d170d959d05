import type { Machine } from '../../lab/machine/machine.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { milliseconds, quantile, spread } from '../quantile.ts';
import { bootGuest, guestNote } from './guest.ts';
import { withFault } from '../../test/kernel/kernel-fault.ts';
import { latenessUs, loaded, statusesOf } from './guest-fault.ts';
import { device, Wan } from './wan.ts';

const rounds = 5;
const secondsEach = 3;
const delayUs = 5_000;
const pings = 300;
const lossAsked = 0.3;
const lossPings = 3_000;
/** More than netem's queue of 1000 packets holds for the time of the delay. */
const load = { perSecond: 8_000, seconds: 3, delayUs: 250_000 };
const boundaries = 50;
const boundaryAimUs = 1_000;
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

type Carried = () => Promise<number>;

async function throughputs(machine: Machine, wan: Wan): Promise<Figure[]> {
  const bits = await compared(machine, wan, async () => await wan.throughput(secondsEach));
  const datagrams = await compared(machine, wan, async () => await wan.datagramsPerSecond(secondsEach));
  return [...bits.map(named('TCP')), ...datagrams.map(named('datagrams a second'))];
}

function named(what: string): (figure: Figure) => Figure {
  return (figure) => ({ ...figure, what: `${what}, ${figure.what}` });
}

/** In each round: not loaded twice, which shows the noise, then loaded and idle, armed at 0, and netem at 0. */
async function compared(machine: Machine, wan: Wan, carried: Carried): Promise<Figure[]> {
  const found: Record<'again' | 'idle' | 'armed' | 'netem' | 'besideNetem', number[]> = {
    again: [],
    idle: [],
    armed: [],
    netem: [],
    besideNetem: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    const bare = await carried();
    const again = await carried();
    const { idle, armed } = await loaded(machine, 'net', async () => ({
      idle: await carried(),
      armed: await withFault(machine, 'net', atZero, async () => await carried()),
    }));
    const netem = await wan.withNetem('loss 0%', async () => await carried());
    found.again.push(again / bare);
    found.idle.push((2 * idle) / (bare + again));
    found.armed.push((2 * armed) / (bare + again));
    found.netem.push((2 * netem) / (bare + again));
    found.besideNetem.push(armed / netem);
  }
  const noise = Math.max(...found.again.map((ratio) => Math.abs(ratio - 1)));
  const idle = quantile(found.idle, 0.5);
  const beside = quantile(found.besideNetem, 0.5);
  return [
    { what: 'not loaded : not loaded', found: ratios(found.again), note: 'the noise' },
    {
      what: 'loaded and idle : not loaded',
      found: ratios(found.idle),
      aim: { text: 'within the noise', isMet: Math.abs(idle - 1) <= noise },
    },
    { what: 'armed at 0 : not loaded', found: ratios(found.armed) },
    { what: 'netem at 0 : not loaded', found: ratios(found.netem) },
    {
      what: 'armed at 0 : netem at 0',
      found: ratios(found.besideNetem),
      aim: { text: 'at least 1', isMet: beside >= 1 },
    },
  ];
}

function ratios(values: readonly number[]): string {
  const [least, median, most] = [0, 0.5, 1].map((share) => quantile(values, share).toFixed(2));
  return `${median} (${least} to ${most})`;
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
  const errors: { ours: number[]; netem: number[] } = { ours: [], netem: [] };
  for (let round = 0; round < rounds; round += 1) {
    const expected = quantile(await wan.roundTripsUs(pings), 0.5) + delayUs;
    const attributes = { device, effect: 'delay', delay_us: delayUs };
    const ours = await withFault(machine, 'net', attributes, async () => await wan.roundTripsUs(pings));
    const netem = await wan.withNetem(`delay ${delayUs}us`, async () => await wan.roundTripsUs(pings));
    errors.ours.push(...ours.map((us) => Math.abs(us - expected)));
    errors.netem.push(...netem.map((us) => Math.abs(us - expected)));
  }
  const [ours, netem] = [errors.ours, errors.netem];
  const isMet = [0.5, 0.99].every((share) => quantile(ours, share) <= quantile(netem, share));
  return [
    {
      what: `error of a delay of ${milliseconds(delayUs)}, module`,
      found: spread(ours),
      aim: { text: "p50 and p99 no larger than netem's", isMet },
    },
    { what: `error of a delay of ${milliseconds(delayUs)}, netem`, found: spread(netem) },
  ];
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
  return await wan.underTraffic(load.perSecond, async () => {
    const dropping = await statusesOf(machine, 'net', { device, effect: 'drop' }, boundaries);
    const delaying = { device, effect: 'delay', delay_us: 20_000 };
    const holding = await statusesOf(machine, 'net', delaying, boundaries);
    const first = latenessUs(dropping, 'first_effect_ns', 'start_ns');
    const last = latenessUs(dropping, 'last_effect_ns', 'deadline_ns');
    return [
      {
        what: 'from the planned start to the first effect',
        found: spread(first),
        aim: { text: 'p99 under 1 ms', isMet: quantile(first, 0.99) < boundaryAimUs },
        note: `the gate itself: ${spread(latenessUs(dropping, 'opened_ns', 'start_ns'))}; a datagram every ${(1000 / load.perSecond).toFixed(2)} ms`,
      },
      {
        what: 'from the deadline to the last capture',
        found: spread(last),
        aim: { text: 'p99 under 1 ms', isMet: quantile(last, 0.99) < boundaryAimUs },
        note: `negative: before it; the gate itself: ${spread(latenessUs(dropping, 'closed_ns', 'deadline_ns'))}`,
      },
      {
        what: `from the deadline to the last of the frames held for 20 ms`,
        found: spread(latenessUs(holding, 'drained_ns', 'deadline_ns')),
      },
    ];
  });
}
