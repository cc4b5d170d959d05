import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messageBytesAtMost } from '../events/event-codec.ts';
import type { Benchmark } from './benchmark.ts';

interface Planned {
  readonly trials: number;
  readonly seconds: number;
  readonly peakMiB: number;
  readonly packedKiB: number;
}

const aimMiB = 1024;
const mostKiB = messageBytesAtMost / 1024;

/** From the text of a campaign file and the inventory of a hundred hosts to every trial. */
export const plan: Benchmark = {
  name: 'plan',
  title: 'A plan of 10,000 trials',
  method:
    'The five faults of the quickstart, each on every one of 100 hosts with 21 resources, 20 times, are read and compiled by a process of its own. ' +
    'The time is that of reading and compiling; the memory is the most that the process had, Node and the sources it was translated from included.',
  async run() {
    const program = fileURLToPath(new URL('planning.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
    const { trials, seconds, peakMiB, packedKiB } = JSON.parse(stdout) as Planned;
    return [
      { what: `until all ${trials} trials are there`, found: `${seconds.toFixed(2)} s` },
      {
        what: 'memory',
        found: `${peakMiB.toFixed(0)} MiB`,
        aim: { text: `within ${aimMiB} MiB`, isMet: peakMiB <= aimMiB },
      },
      {
        what: 'the plan, packed, as the first event of a campaign carries it',
        found: `${packedKiB.toFixed(0)} KiB`,
        aim: { text: `within ${mostKiB.toFixed(0)} KiB`, isMet: packedKiB <= mostKiB },
      },
    ];
  },
};
