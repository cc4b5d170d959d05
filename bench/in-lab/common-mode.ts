import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectionFacts, TrialMeasures } from '../../metrics/measures/measures.ts';
import { CampaignBed } from '../../test/kernel/campaign-bed.ts';
import { PortStamps } from '../../test/kernel/port-stamps.ts';
import { SteadyFrames } from '../../test/kernel/steady-frames.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { Place } from '../place.ts';
import { milliseconds, spread } from '../quantile.ts';
import { apart, longestGap, type Bounded } from './frame-gap.ts';
import { guestNote } from './guest.ts';

const hosts = ['nfvi-1', 'nfvi-2'];
const everyUs = 2_000;
const trials = 5;
/** Around a fault, frames are looked at from so long before it until so long behind it. */
const aroundUs = 2_000_000;

/** One trial: of each host, when its frames were missing at the switch, and what its kernel had said of that. */
interface Seen {
  readonly from: Bounded;
  readonly to: Bounded;
  readonly begun: Bounded;
}

export const commonMode: Benchmark = {
  name: 'common-mode',
  title: 'How far apart the parts of a common-mode fault are',
  method:
    `[campaigns/common-mode.yaml](../campaigns/common-mode.yaml), ${trials} times, against two hosts of the lab: a fault of the switch, which is one on the NIC of each host. Both hosts send a frame every ${everyUs / 1000} ms, and the switch, ` +
    'a process beside both machines, stamps each by its own clock. The first frame that is missing on a port tells when the fault was there, to within half of the longest time that was between two frames in the second before; the first that is back tells when it was gone. ' +
    "So the errors are those of the frames' evenness, which on emulated machines is that of a busy scheduler; they do not rest on any clock of Ordeal's.",
  async run(place) {
    const bed = await CampaignBed.start();
    place.after(async () => {
      await bed.end();
    });
    const senders = await Promise.all(
      hosts.map(async (name) => await SteadyFrames.start(await bed.machine(name), everyUs)),
    );
    const stamps = new PortStamps(bed.lab);
    const id = await bed.begin(await manyTimes(place));
    await bed.watched(id);
    await stamps.end();
    for (const sender of senders) await sender.stop();
    const measures = await bed.measuresOf(id);
    const seen = measures.trials.flatMap((trial) => {
      const parts = hosts.map((host, index) => seenOf(trial, host, stamps.of(index + 1)));
      return parts.some((part) => part === undefined) ? [] : [parts.flatMap((part) => part ?? [])];
    });
    const note = await guestNote(await bed.machine('nfvi-1'));
    return figures(seen, measures.trials, note);
  },
};

async function manyTimes(place: Place): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-bench-common-'));
  place.after(async () => {
    await rm(directory, { recursive: true });
  });
  const text = await readFile(new URL('../../campaigns/common-mode.yaml', import.meta.url), 'utf8');
  const file = join(directory, 'common-mode.yaml');
  await writeFile(file, text.replace('repetitions: 1', `repetitions: ${trials}`));
  return file;
}

/** The reference clock is the controller's, and so that of the switch: all are on one machine. */
function seenOf(trial: TrialMeasures, host: string, stampsUs: readonly number[]): Seen | undefined {
  const part = trial.injections.find((one) => one.host === host);
  const { activeUs, revertedUs, errorUs = 0 }: Partial<InjectionFacts> = part ?? {};
  if (activeUs === undefined || revertedUs === undefined) return undefined;
  const around = stampsUs.filter((us) => us > activeUs - aroundUs && us < revertedUs + aroundUs);
  return { ...longestGap(around), begun: { atUs: activeUs, errorUs } };
}

function figures(seen: readonly Seen[][], all: readonly TrialMeasures[], note: string): Figure[] {
  const skews = (instantOf: (one: Seen) => Bounded): Bounded[] =>
    seen.flatMap(([one, other]) => (one && other ? [apart(instantOf(one), instantOf(other))] : []));
  const lateness = seen.flat().map(({ from, begun }) => apart(from, begun));
  const told = all.flatMap(({ skew }) => skew?.start ?? []);
  return [
    {
      ...figure(
        'between the starts of both parts, at the switch',
        skews(({ from }) => from),
      ),
      note,
    },
    figure(
      'between the ends of both parts, at the switch',
      skews(({ to }) => to),
    ),
    {
      ...figure('from the start that a kernel tells to the first frame that is missing', lateness),
      note: 'through the clock readings of its host; it is on the clock of the switch, too',
    },
    {
      what: "between the starts by the kernels' own stamps",
      found: spread(told.map(({ us }) => us)),
      note: `through the clock readings, whose error is ${spread(told.map(({ errorUs }) => errorUs))}`,
    },
  ];
}

/** What is claimed holds of each trial: no two instants were further apart than what was seen, and its error beside it. */
function figure(what: string, found: readonly Bounded[]): Figure {
  const most = Math.max(...found.map(({ atUs, errorUs }) => atUs + errorUs));
  const isMet = found.length > 0 && found.every(({ atUs, errorUs }) => atUs <= errorUs);
  return {
    what,
    found: `${spread(found.map(({ atUs }) => atUs))}; error ${spread(found.map(({ errorUs }) => errorUs))}; so no more than ${milliseconds(most)} in any of ${found.length}`,
    aim: { text: 'none that the error does not explain', isMet },
  };
}
