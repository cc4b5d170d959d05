import { run } from '../command/run.ts';
import { http, load } from '../test/integration/workload-load.ts';
import { nginx } from '../test/integration/workload-servers.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { processorTimeS } from './processor-time.ts';
import { milliseconds, quantile, spread } from './quantile.ts';

const secondsEach = 5;
const ratesPerS = [250, 1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 16_000, 20_000];
/** Sends that are later than this come in lumps, which the service would not see from its real users. */
const latestUs = 10_000;

/** An open loop keeps its schedule whatever the service does; this is how well, and up to which rate. */
export const generator: Benchmark = {
  name: 'generator',
  title: 'The load generator against its schedule',
  method:
    `One nginx process answers from memory; the ${http.name} driver sends to it for ${secondsEach} s at each rate. Lateness is actual minus intended send. A rate is sustained while p99 stays ` +
    `under ${milliseconds(latestUs)} and every request is answered well. wrk (one thread, 64 connections) then takes what it can get from the same nginx: a closed loop, which has no schedule to be late against.`,
  async run(place) {
    const { url } = await nginx(place);
    const figures: Figure[] = [];
    let sustained: number | undefined;
    for (const ratePerS of ratesPerS) {
      const before = await processorTimeS(process.pid, 'its children');
      const { rows } = await load(
        { url, load: { shape: 'flat', rate: `${ratePerS}/s` } },
        { durationUs: secondsEach * 1_000_000 },
      );
      const usedS = (await processorTimeS(process.pid, 'its children')) - before;
      const late = rows.map(({ intendedUs, sentUs }) => sentUs - intendedUs);
      const failed = rows.filter(({ outcome }) => outcome !== 'ok').length;
      const keeps = failed === 0 && quantile(late, 0.99) < latestUs;
      figures.push({
        what: `${ratePerS} requests a second`,
        found: `${spread(late)}; ${failed} failed`,
        note: `${((usedS / secondsEach) * 100).toFixed(0)} % of a core, the driver's start included`,
      });
      if (!keeps) break;
      sustained = ratePerS;
    }
    const wrkPerS = await closedLoop(url);
    return [
      ...figures,
      { what: 'highest rate that is sustained', found: sustained === undefined ? 'none' : `${sustained}/s` },
      { what: 'wrk on the same nginx', found: `${Math.round(wrkPerS)}/s` },
      ...(sustained === undefined
        ? []
        : [{ what: 'generator : wrk', found: (sustained / wrkPerS).toFixed(2) }]),
    ];
  },
};

async function closedLoop(url: string): Promise<number> {
  const said = await run('wrk', ['-t1', '-c64', `-d${secondsEach}s`, url]);
  const [, perS] = /Requests\/sec:\s+([\d.]+)/.exec(said) ?? [];
  if (perS === undefined) throw new Error(`wrk said: ${said}`);
  return Number(perS);
}
