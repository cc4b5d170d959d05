import type { Machine } from '../../lab/machine/machine.ts';
import { withFault } from '../../test/kernel/kernel-fault.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { milliseconds, quantile } from '../quantile.ts';
import { boundaries } from './boundaries.ts';
import { delayErrors } from './delay-errors.ts';
import { bootGuest, guestNote } from './guest.ts';
import { GuestDiskLoad } from './guest-disk-load.ts';
import { loaded } from './guest-fault.ts';
import { overhead, rounds } from './overhead.ts';

const secondsEach = 2;
const delayUs = 5_000;
const reads = 200;
const readsPerSecond = 2_000;
const heldUs = 20_000;

export const kernelStorage: Benchmark = {
  name: 'kernel-storage',
  title: 'The storage module beside dm-delay and dm-flakey',
  method:
    `All in one boot of a lab's machine, on one disk of scsi_debug (its medium is memory), the module and device mapper in turn. Ratios are of one round each, and then the median of ${rounds}. ` +
    'The machine is emulated where KVM does not work: its times are of an emulated processor, so compare the two, not either with a real disk.',
  async run(place) {
    const machine = await bootGuest(place, ['dmsetup']);
    const load = await GuestDiskLoad.prepare(machine);
    const [first, ...rest] = await readsCarried(machine, load);
    const atItsWork = await loaded(machine, 'storage', async () => [
      ...(await delays(machine, load)),
      ...(await atItsBoundaries(machine, load)),
    ]);
    return first === undefined ? [] : [{ ...first, note: await guestNote(machine) }, ...rest, ...atItsWork];
  },
};

async function readsCarried(machine: Machine, load: GuestDiskLoad): Promise<Figure[]> {
  const carried = async (path?: string): Promise<number> => await load.readsPerSecond(secondsEach, path);
  const figures = await overhead(machine, {
    kind: 'storage',
    atZero: { scsi: load.disk.scsi, effect: 'error', mode: 'share 0' },
    bare: carried,
    rivals: {
      'dm-delay of 0': async () => await load.behind('delay DISK 0', carried),
      'dm-flakey that is up': async () => await load.behind('flakey DISK 3600 0', carried),
    },
  });
  return figures.map((figure) => ({ ...figure, what: `reads a second, ${figure.what}` }));
}

/** How far a read's time is from the one without a fault and the delay together. */
async function delays(machine: Machine, load: GuestDiskLoad): Promise<Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const attributes = { scsi: load.disk.scsi, effect: 'delay', delay_us: delayUs };
  for (let round = 0; round < rounds; round += 1) {
    const expected = quantile(await load.latenciesUs(reads), 0.5) + delayUs;
    const errors = async (path?: string): Promise<number[]> =>
      (await load.latenciesUs(reads, path)).map((us) => Math.abs(us - expected));
    ours.push(...(await withFault(machine, 'storage', attributes, async () => await errors())));
    theirs.push(...(await load.behind(`delay DISK ${delayUs / 1000}`, errors)));
  }
  return delayErrors({ delayUs, rival: 'dm-delay', ours, theirs });
}

async function atItsBoundaries(machine: Machine, load: GuestDiskLoad): Promise<Figure[]> {
  const { scsi } = load.disk;
  return await load.underReads(
    readsPerSecond,
    async () =>
      await boundaries(machine, {
        kind: 'storage',
        touching: { scsi, effect: 'error' },
        holding: { scsi, effect: 'delay', delay_us: heldUs },
        held: `commands held for ${milliseconds(heldUs)}`,
        traffic: `a read every ${milliseconds(1_000_000 / readsPerSecond)}`,
      }),
  );
}
